"""Pages of sites: what they are, what they hold, and how they are published."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.graph.calls import Graph, error_code

CAST = "microsoft.graph.sitePage"
TEXT = {"@odata.type": "#microsoft.graph.textWebPart", "innerHtml": "<p>Hello</p>"}
IMAGE = {
    "@odata.type": "#microsoft.graph.standardWebPart",
    "webPartType": "d1d91016-032f-456d-98a4-721247c305e8",
    "data": {
        "title": "Image",
        "dataVersion": "1.9",
        "properties": {"imageSourceType": 2, "captionText": ""},
        "serverProcessedContent": {"imageSources": [{"key": "imageSource", "value": "/x.jpg"}]},
    },
}
LAYOUT = {
    "horizontalSections": [
        {
            "layout": "oneThirdRightColumn",
            "emphasis": "none",
            "columns": [{"webparts": [{"innerHtml": "<b>x</b>"}]}, {"webparts": [IMAGE]}],
        }
    ],
    "verticalSection": {"emphasis": "neutral", "webparts": [TEXT]},
}


def new_page(name: str, **more: Any) -> dict[str, Any]:
    return {"@odata.type": "#microsoft.graph.sitepage", "name": f"{name}.aspx", **more}


def create(sites: Graph, name: str, **more: Any) -> str:
    """The path of a new page, as a site page."""
    made = sites.post("/sites/root/pages", new_page(name, **more))
    assert made.status_code == 201, made.text
    return f"/sites/root/pages/{made.json()['id']}/{CAST}"


def test_every_site_has_a_home_page(sites: Graph) -> None:
    for site in sites.value("/sites?search=*"):
        pages = sites.value(f"/sites/{site['id']}/pages?$filter=name eq 'Home.aspx'")
        assert [one["publishingState"] for one in pages] == [
            {"level": "published", "versionId": "1.0"}
        ]
        assert pages[0]["@odata.type"] == "#microsoft.graph.sitePage"
        assert pages[0]["webUrl"] == f"{site['webUrl']}/SitePages/Home.aspx"


def test_a_page_is_made_read_changed_published_and_deleted(sites: Graph) -> None:
    path = create(sites, "Art", title="Art exhibition", canvasLayout=LAYOUT)
    page = sites.get(path)
    shown = page.json()
    assert (shown["name"], shown["title"], shown["pageLayout"]) == (
        "Art.aspx",
        "Art exhibition",
        "article",
    )
    assert shown["publishingState"]["level"] == "checkout"
    assert shown["publishingState"]["checkedOutBy"] == shown["createdBy"]
    assert "canvasLayout" not in shown
    assert page.headers["ETag"] == shown["eTag"]
    stale = sites.patch(path, {"title": "x"}, If_Match='"other,1"')
    assert (stale.status_code, error_code(stale)) == (412, "resourceModified")
    assert sites.request("POST", f"{path}/publish").status_code == 204
    assert sites.get(path).json()["publishingState"] == {"level": "published", "versionId": "1.0"}
    changed = sites.patch(path, {"@odata.type": "#microsoft.graph.sitePage", "title": "Open"})
    assert (changed.status_code, changed.json()["title"]) == (200, "Open")
    assert changed.json()["publishingState"]["versionId"] == "1.1"
    sites.patch(path, {"showComments": False})
    assert sites.get(path).json()["publishingState"]["versionId"] == "1.1"
    whole = sites.get(f"{path}?$expand=canvasLayout&$select=id").json()["canvasLayout"]
    assert [one["layout"] for one in whole["horizontalSections"]] == ["oneThirdRightColumn"]
    base = path.removesuffix(f"/{CAST}")
    assert sites.get(base).json()["title"] == "Open"
    assert sites.delete(base).status_code == 204
    gone = sites.get(path)
    assert (gone.status_code, error_code(gone)) == (404, "itemNotFound")


def test_pages_are_listed_by_name_and_expanded_as_site_pages(sites: Graph) -> None:
    for name in ("Zoo", "Ant"):
        create(sites, name, canvasLayout=LAYOUT)
    names = [one["name"] for one in sites.value("/sites/root/pages")]
    assert names == sorted(names)
    assert {"Zoo.aspx", "Ant.aspx"} <= set(names)
    filtered = sites.value(f"/sites/root/pages/{CAST}?$filter=promotionKind eq 'page'&$top=2")
    assert len(filtered) == 2
    query = f"$filter=name eq 'Ant.aspx'&$expand={CAST}/canvasLayout,{CAST}/webParts"
    [ant] = sites.value(f"/sites/root/pages?{query}")
    assert ant["canvasLayout"]["verticalSection"]["emphasis"] == "neutral"
    assert len(ant["webParts"]) == 3
    for wrong in ("$expand=canvasLayout", "$select=promotionKind"):
        refused = sites.get(f"/sites/root/pages?{wrong}")
        assert (refused.status_code, error_code(refused)) == (400, "BadRequest")


def test_sections_are_added_changed_and_taken_away(sites: Graph) -> None:
    path = create(sites, "Sections", canvasLayout=LAYOUT)
    many = f"{path}/canvasLayout/horizontalSections"
    made = sites.post(
        many, {"@odata.type": "#microsoft.graph.horizontalSection", "emphasis": "strong"}
    )
    assert made.status_code == 201, made.text
    shown = {key: made.json()[key] for key in ("id", "layout", "emphasis")}
    assert shown == {"id": "2", "layout": "oneColumn", "emphasis": "strong"}
    assert [one["id"] for one in sites.value(many)] == ["1", "2"]
    columns = sites.value(f"{many}/1/columns?$expand=webparts")
    assert [(one["id"], one["width"]) for one in columns] == [("1", 8), ("2", 4)]
    assert columns[0]["webparts"][0]["@odata.type"] == "#microsoft.graph.textWebPart"
    assert columns[1]["webparts"][0]["data"]["properties"]["imageSourceType"] == 2
    assert sites.get(f"{many}/1/columns/2").json()["width"] == 4
    expanded = sites.get(f"{many}/1?$expand=columns($expand=webparts)").json()
    assert [len(one["webparts"]) for one in expanded["columns"]] == [1, 1]
    changed = sites.patch(f"{many}/1", {"layout": "twoColumns", "emphasis": "soft"})
    assert (changed.status_code, changed.json()["layout"]) == (200, "twoColumns")
    assert [one["width"] for one in sites.value(f"{many}/1/columns")] == [6, 6]
    assert sites.delete(f"{many}/1").status_code == 204
    assert [one["id"] for one in sites.value(many)] == ["2"]
    assert sites.get(f"{many}/1").status_code == 404


def test_web_parts_stand_where_they_are_put(sites: Graph) -> None:
    path = create(sites, "Parts", canvasLayout=LAYOUT)
    many = f"{path}/canvasLayout/horizontalSections/1/columns/1/webparts"
    made = sites.post(f"{many}?index=0", TEXT)
    assert made.status_code == 201, made.text
    one = f"{many}/{made.json()['id']}"
    assert [part["innerHtml"] for part in sites.value(many)] == ["<p>Hello</p>", "<b>x</b>"]
    position = sites.request("POST", f"{one}/getPositionOfWebPart").json()
    position.pop("@odata.context")
    assert position == {
        "webPartIndex": 1.0,
        "isInVerticalSection": False,
        "horizontalSectionId": 1.0,
        "columnId": 1.0,
    }
    assert sites.patch(one, {"innerHtml": "<p>Bye</p>"}).json()["innerHtml"] == "<p>Bye</p>"
    everywhere = sites.value(f"{path}/webParts")
    assert len(everywhere) == 4
    by_id = f"{path}/webParts/{everywhere[-1]['id']}"
    assert sites.get(by_id).json()["innerHtml"] == "<p>Hello</p>"
    beside = sites.request("POST", f"{by_id}/getPositionOfWebPart").json()
    assert (beside["isInVerticalSection"], "columnId" in beside) == (True, False)
    assert sites.delete(one).status_code == 204
    assert sites.get(one).status_code == 404


def test_a_page_has_one_vertical_section(sites: Graph) -> None:
    section = f"{create(sites, 'Side')}/canvasLayout/verticalSection"
    missing = sites.get(section)
    assert (missing.status_code, error_code(missing)) == (404, "itemNotFound")
    assert sites.request("PUT", section, json={"emphasis": "soft"}).status_code == 201
    again = sites.request("PUT", section, json={"emphasis": "soft"})
    assert (again.status_code, error_code(again)) == (409, "nameAlreadyExists")
    assert sites.post(f"{section}/webparts", TEXT).status_code == 201
    assert sites.patch(section, {"emphasis": "strong"}).json()["emphasis"] == "strong"
    for nothing in ({}, {"@odata.type": "#microsoft.graph.verticalSection"}, {"emphasis": None}):
        assert sites.patch(section, nothing).json()["emphasis"] == "strong"
    parts = sites.patch(section, {"emphasis": "none", "webparts": []})
    assert (parts.status_code, error_code(parts)) == (400, "invalidRequest")
    assert sites.get(section).json()["emphasis"] == "strong"
    assert len(sites.get(f"{section}?$expand=webparts").json()["webparts"]) == 1
    assert sites.delete(section).status_code == 204
    assert sites.get(section).status_code == 404


BAD_PAGES: list[tuple[dict[str, Any], int, str]] = [
    ({"name": "x.aspx"}, 400, "invalidRequest"),
    ({"@odata.type": "#microsoft.graph.sitePage"}, 400, "invalidRequest"),
    ({**new_page("x"), "name": "x.html"}, 400, "invalidRequest"),
    (new_page("a/b"), 400, "invalidRequest"),
    (new_page("Home"), 409, "nameAlreadyExists"),
    (new_page("x", title=""), 400, "invalidRequest"),
    (new_page("x", title=5), 400, "RequestBodyRead"),
    (new_page("x", pageLayout="microsoftReserved"), 400, "invalidRequest"),
    (new_page("x", promotionKind="poster"), 400, "RequestBodyRead"),
    (new_page("x", colour="red"), 400, "RequestBodyRead"),
    (new_page("x", canvasLayout=[]), 201, ""),
    (new_page("y", canvasLayout="x"), 400, "invalidRequest"),
    (new_page("y", canvasLayout={"horizontalSections": ["x"]}), 400, "invalidRequest"),
    (new_page("y", webParts=[TEXT]), 400, "invalidRequest"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD_PAGES)
def test_pages_against_the_rules_are_refused(
    sites: Graph, body: dict[str, Any], status: int, code: str
) -> None:
    answer = sites.post("/sites/root/pages", body)
    assert answer.status_code == status, answer.text
    assert code == "" or error_code(answer) == code


BAD_PARTS: list[tuple[str, str, Any, str]] = [
    ("POST", "", {"emphasis": "loud"}, "RequestBodyRead"),
    ("POST", "", {"layout": "unknownFutureValue"}, "invalidRequest"),
    ("POST", "", {"layout": "twoColumns", "columns": [{}]}, "invalidRequest"),
    ("POST", "", {"id": "one"}, "invalidRequest"),
    ("PATCH", "/1", {"layout": "threeColumns"}, "invalidRequest"),
    ("PATCH", "/1", {"columns": []}, "invalidRequest"),
    ("POST", "/1/columns/1/webparts", {"@odata.type": "#microsoft.graph.site"}, "invalidRequest"),
    ("POST", "/1/columns/1/webparts", {"innerHtml": 5}, "RequestBodyRead"),
    ("POST", "/1/columns/1/webparts", {"@odata.type": TEXT["@odata.type"]}, "invalidRequest"),
    ("POST", "/1/columns/1/webparts", {**IMAGE, "webPartType": "x"}, "invalidRequest"),
    ("POST", "/1/columns/1/webparts", {**IMAGE, "data": {"properties": 1}}, "RequestBodyRead"),
    ("POST", "/1/columns/1/webparts?index=9", TEXT, "invalidRequest"),
    ("POST", "/1/columns/1/webparts?index=-1", TEXT, "invalidRequest"),
]


@pytest.mark.parametrize(("method", "place", "body", "code"), BAD_PARTS)
def test_parts_of_a_page_against_the_rules_are_refused(
    sites: Graph, method: str, place: str, body: Any, code: str, request: pytest.FixtureRequest
) -> None:
    page = create(sites, f"Bad {abs(hash(request.node.name))}", canvasLayout=LAYOUT)
    answer = sites.request(method, f"{page}/canvasLayout/horizontalSections{place}", json=body)
    assert (answer.status_code, error_code(answer)) == (400, code)


def test_who_only_reads_writes_no_page(sites_of: Callable[..., Graph]) -> None:
    reader = sites_of("noah.kim", "Sites.Read.All")
    assert reader.value("/sites/root/pages")
    answer = reader.post("/sites/root/pages", new_page("Mine"))
    assert (answer.status_code, error_code(answer)) == (403, "accessDenied")
    [home] = reader.value("/sites/root/pages?$filter=name eq 'Home.aspx'")
    for method, path in (
        ("DELETE", f"/sites/root/pages/{home['id']}"),
        ("POST", f"/sites/root/pages/{home['id']}/{CAST}/publish"),
    ):
        answer = reader.request(method, path)
        assert (answer.status_code, error_code(answer)) == (403, "accessDenied")


def test_a_news_post_stays_one(sites: Graph) -> None:
    path = create(sites, "News", promotionKind="newsPost")
    answer = sites.patch(path, {"promotionKind": "page"})
    assert (answer.status_code, error_code(answer)) == (400, "invalidRequest")
    renamed = sites.patch(path, {"name": "Other.aspx"})
    assert (renamed.status_code, error_code(renamed)) == (400, "invalidRequest")
