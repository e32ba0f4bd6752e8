"""Open extensions of users and groups, and the groups that somebody marked as favourites."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from graphwright_sandbox.graph import create_graph_app
from tests.sandbox.graph.calls import NOW, Graph, administered_by, authorize, error_code, person
from tests.sandbox.graph.group_calls import SALES, VPN
from tests.sandbox.in_process import InProcess

NAME = "com.contoso.roamingSettings"
BODY = {
    "@odata.type": "microsoft.graph.openTypeExtension",
    "extensionName": NAME,
    "theme": "dark",
    "color": "purple",
}
WRITING = "User.ReadWrite Group.ReadWrite.All"


@pytest.fixture
def graph() -> Iterator[Graph]:
    with InProcess(create_graph_app(administered_by("noah.kim"), authorize, lambda: NOW)) as client:
        yield Graph(client, f"Bearer user:{person('noah.kim').id}:{WRITING}")


@pytest.mark.parametrize("place", ["/me", SALES])
def test_an_extension_is_kept_listed_changed_and_deleted(graph: Graph, place: str) -> None:
    made = graph.post(f"{place}/extensions", BODY)
    assert made.status_code == 201, made.text
    assert (made.json()["id"], made.json()["theme"]) == (NAME, "dark")
    assert made.json()["@odata.type"] == "#microsoft.graph.openTypeExtension"
    assert [one["color"] for one in graph.value(f"{place}/extensions")] == ["purple"]
    one = f"{place}/extensions/{NAME}"
    changed = graph.patch(one, {"theme": "light", "color": None, "lang": ["sw", "en"]})
    assert (changed.status_code, changed.text) == (204, "")
    shown = graph.get(one).json()
    assert (shown["theme"], "color" in shown, shown["lang"]) == ("light", False, ["sw", "en"])
    expanded = graph.get(f"{place}?$select=id&$expand=extensions").json()
    assert [each["theme"] for each in expanded["extensions"]] == ["light"]
    assert "extensions" not in graph.get(place).json()
    assert graph.delete(one).status_code == 204
    missing = graph.get(one)
    assert (missing.status_code, error_code(missing)) == (404, "ResourceNotFound")
    assert graph.value(f"{place}/extensions") == []


@pytest.mark.parametrize("place", ["/me", SALES])
def test_an_application_keeps_two_small_extensions_of_different_names(
    graph: Graph, place: str
) -> None:
    path = f"{place}/extensions"
    large = graph.post(path, {**BODY, "theme": "x" * 2048})
    assert (large.status_code, error_code(large)) == (400, "Request_BadRequest")
    assert graph.post(path, BODY).status_code == 201
    again = graph.post(path, BODY)
    assert (again.status_code, error_code(again)) == (409, "NameAlreadyExists")
    grown = graph.patch(f"{path}/{NAME}", {"theme": "x" * 2048})
    assert (grown.status_code, error_code(grown)) == (400, "Request_BadRequest")
    assert graph.post(path, {**BODY, "extensionName": "second"}).status_code == 201
    third = graph.post(path, {**BODY, "extensionName": "third"})
    assert (third.status_code, error_code(third)) == (400, "Request_BadRequest")


BAD: list[tuple[Any, str]] = [
    ({"theme": "dark"}, "Request_BadRequest"),
    ({"extensionName": ""}, "Request_BadRequest"),
    ({"extensionName": 7}, "Request_BadRequest"),
    ([BODY], "RequestBodyRead"),
]


@pytest.mark.parametrize(("body", "code"), BAD)
def test_bodies_that_are_no_extension_are_refused(graph: Graph, body: Any, code: str) -> None:
    answer = graph.post("/me/extensions", body)
    assert (answer.status_code, error_code(answer)) == (400, code)


@pytest.mark.unchanging
def test_extensions_need_the_permissions_of_what_holds_them(sign_in: Callable[..., Graph]) -> None:
    other = f"/users/{person('zoe.adeyemi').id}"
    asked = [
        (sign_in("noah.kim", "User.Read").post("/me/extensions", BODY)),
        (sign_in("noah.kim", "User.ReadWrite").post(f"{other}/extensions", BODY)),
        (sign_in("noah.kim", "User.ReadWrite.All").post(f"{other}/extensions", BODY)),
        (sign_in("noah.kim", "Group.Read.All").post(f"{SALES}/extensions", BODY)),
    ]
    for answer in asked:
        assert (answer.status_code, error_code(answer)) == (403, "Authorization_RequestDenied")
    basic = sign_in("noah.kim", "User.ReadBasic.All").get(f"{other}?$expand=extensions")
    assert (basic.status_code, error_code(basic)) == (403, "ErrorAccessDenied")


def test_a_group_is_a_favourite_of_who_marked_it(graph: Graph) -> None:
    def is_favorite(path: str = SALES) -> object:
        return graph.get(f"{path}?$select=id,isFavorite").json()["isFavorite"]

    assert is_favorite() is False
    for _ in range(2):
        answer = graph.request("POST", f"{SALES}/addFavorite")
        assert (answer.status_code, answer.text) == (200, "")
    assert is_favorite() is True
    assert "isFavorite" not in graph.get(SALES).json()
    listed = graph.value("/groups?$select=id,isFavorite")
    assert {one["isFavorite"] for one in listed} == {None}
    minimal = graph.request("POST", f"{SALES}/removeFavorite", headers={"Prefer": "return=minimal"})
    assert (minimal.status_code, is_favorite()) == (204, False)
    assert is_favorite(VPN) is None
    security = graph.request("POST", f"{VPN}/addFavorite")
    assert (security.status_code, error_code(security)) == (404, "ResourceNotFound")
    nobody = Graph(graph.client, "Bearer app::Group.ReadWrite.All")
    refused = nobody.request("POST", f"{SALES}/addFavorite")
    assert (refused.status_code, error_code(refused)) == (403, "Authorization_RequestDenied")
    assert nobody.get(f"{SALES}?$select=isFavorite").json()["isFavorite"] is None
