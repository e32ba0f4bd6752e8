"""The service document and the metadata: served to everybody, and true."""

from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from graphwright_sandbox.graph.edm import SCHEMA

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


@pytest.fixture
def schema(client: TestClient) -> ET.Element:
    answer = client.get("/v1.0/$metadata")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    found = ET.fromstring(answer.content).find(f".//{EDM}Schema")  # noqa: S314 - our own
    assert found is not None
    return found


def test_every_type_that_is_named_is_declared(schema: ET.Element) -> None:
    declared = {
        f"microsoft.graph.{element.get('Name')}"
        for kind in ("EntityType", "ComplexType", "EnumType")
        for element in schema.findall(f"{EDM}{kind}")
    }
    named = {
        (element.get(attribute) or "Edm.").removeprefix("Collection(").removesuffix(")")
        for element in schema.iter()
        for attribute in ("Type", "BaseType", "EntityType")
    }
    assert {name for name in named if not name.startswith("Edm.")} <= declared
    assert len(declared) == len(SCHEMA.structured) + len(SCHEMA.enums)


def test_properties_say_what_they_are(schema: ET.Element) -> None:
    message = schema.find(f"{EDM}EntityType[@Name='message']")
    assert message is not None
    assert message.attrib == {
        "Name": "message",
        "BaseType": "microsoft.graph.outlookItem",
        "OpenType": "true",
    }
    by_name = {element.get("Name"): element.attrib for element in message}
    assert by_name["toRecipients"]["Type"] == "Collection(microsoft.graph.recipient)"
    assert by_name["isRead"] == {"Name": "isRead", "Type": "Edm.Boolean"}
    attachments = message.find(f"{EDM}NavigationProperty[@Name='attachments']")
    assert attachments is not None
    assert attachments.get("Type") == "Collection(microsoft.graph.attachment)"
    base = schema.find(f"{EDM}EntityType[@Name='entity']/{EDM}Key/{EDM}PropertyRef")
    assert base is not None
    assert base.get("Name") == "id"
    importance = schema.find(f"{EDM}EnumType[@Name='importance']")
    assert importance is not None
    assert [member.get("Name") for member in importance] == ["low", "normal", "high"]


def test_the_service_document_names_what_the_metadata_names(
    client: TestClient, schema: ET.Element
) -> None:
    answer = client.get("/v1.0")
    assert client.get("/v1.0/").json() == answer.json()
    container = schema.find(f"{EDM}EntityContainer")
    assert container is not None
    told = {entry["name"]: entry["kind"] for entry in answer.json()["value"]}
    assert told == {element.get("Name"): element.tag.removeprefix(EDM) for element in container}
    assert told["users"] == "EntitySet"
    assert told["organization"] == "EntitySet", "although its name is that of its type"
    assert told["me"] == "Singleton"
    assert answer.json()["@odata.context"] == "http://testserver/v1.0/$metadata"


@pytest.mark.parametrize("path", ["/v1.0", "/v1.0/$metadata"])
def test_what_describes_the_service_is_only_read(client: TestClient, path: str) -> None:
    answer = client.post(path, json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
