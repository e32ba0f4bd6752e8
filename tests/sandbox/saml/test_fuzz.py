"""Spoiled messages, many of them: none breaks the identity provider, none is taken for another."""

from __future__ import annotations

import base64
import random
from collections import Counter
from dataclasses import replace

import pytest
from lxml import etree
from starlette.routing import Router
from starlette.testclient import TestClient

from graphwright_sandbox.entra.app import create_browser_routes
from graphwright_sandbox.entra.endpoints import Endpoints
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.saml.messages import parse
from graphwright_sandbox.saml.names import DS
from graphwright_sandbox.saml.routes import create_saml_routes
from tests.sandbox.conftest import TENANT_ID, create_small_tenant
from tests.sandbox.saml.provider import SIGNED, registrations
from tests.sandbox.saml.test_refusals import redirect_query, request_xml, sign_xml

PATH = f"/{TENANT_ID}/saml2"
PIECES = (
    b"<!--x-->", b"<?p i?>", b"&#0;", b"&lt;", b"\xff", b"<![CDATA[", b'ID="_1" ', b"\x00",
    b" xmlns:samlp='urn:x'", b"<!DOCTYPE x>", b" ",
)  # fmt: skip


@pytest.fixture(scope="module")
def client() -> TestClient:
    tenant = create_small_tenant()
    tenant = replace(tenant, app_registrations=(*tenant.app_registrations, *registrations()))
    endpoints = Endpoints(login_url="http://testserver", browser_url="http://testserver")
    entra = Entra(tenant, endpoints)
    routes = [*create_browser_routes(entra, "cookie"), *create_saml_routes(entra, "cookie")]
    return TestClient(Router(routes), follow_redirects=False)


def spoil(xml: bytes, chance: random.Random) -> bytes:
    data = bytearray(xml)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randint(1, 30)]
            case 2:
                other = chance.randrange(len(data))
                data[place:place] = data[other : other + chance.randint(1, 300)]
            case _:
                data[place:place] = chance.choice(PIECES)
    return bytes(data)


def meaning_of(xml: bytes) -> bytes:
    """The message without its signature, in canonical form."""
    root = parse(xml)
    for signature in root.findall(f"{{{DS}}}Signature"):
        root.remove(signature)
    canonical: bytes = etree.tostring(root, method="c14n")
    return canonical


def test_no_spoiled_message_breaks_anything_nor_means_something_else(client: TestClient) -> None:
    chance = random.Random(20261123)
    good = sign_xml(request_xml(SIGNED, attributes=' ForceAuthn="true"')).encode()
    meant = meaning_of(good)
    statuses: Counter[int] = Counter()
    for _ in range(100):
        xml = spoil(good, chance)
        answer = client.post(PATH, data={"SAMLRequest": base64.b64encode(xml).decode()})
        statuses[answer.status_code] += 1
        if answer.status_code == 200:
            assert meaning_of(xml) == meant, xml
        query = redirect_query(xml)
        cut = query[: chance.randrange(len(query))]
        assert client.get(f"{PATH}?{cut}").status_code == 400
    assert statuses.keys() == {200, 400}, "some are still good: spoiled where nothing is meant"
    assert statuses[400] > 70
