"""People: projections, relations, advanced queries, photos, mailbox settings."""

import pytest

from tests.sandbox.graph.calls import TENANT, Graph, error_code, person

ADVANCED = {"ConsistencyLevel": "eventual"}


def test_a_user_has_eleven_properties_unless_others_are_selected(graph: Graph) -> None:
    me = graph.get("/me").json()
    assert len([name for name in me if not name.startswith("@")]) == 11
    some = graph.get("/me?$select=department,city,aboutMe,skills").json()
    assert some.pop("@odata.context").endswith("#users(department,city,aboutMe,skills)/$entity")
    assert some == {
        "department": "Engineering",
        "city": "Los Angeles",
        "aboutMe": None,
        "skills": [],
    }


def test_relations_follow_the_tree_of_managers(graph: Graph) -> None:
    manager = graph.get("/me/manager").json()
    assert manager["@odata.type"] == "#microsoft.graph.user"
    assert manager["displayName"] == "Jonas Müller"
    reports = graph.value(f"/users/{manager['id']}/directReports?$select=displayName")
    assert "Noah Kim" in [report["displayName"] for report in reports]
    top = graph.get(f"/users/{TENANT.people[0].id}/manager")
    assert (top.status_code, error_code(top)) == (404, "Request_ResourceNotFound")
    users = graph.all_pages("/users?$expand=manager($select=id)&$select=id&$top=999")
    bosses = {user["id"]: (user.get("manager") or {}).get("id") for user in users}
    assert bosses == {p.id: p.manager_id for p in TENANT.people}


@pytest.mark.unchanging
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("$filter=startswith(displayName,'G')", ["Grace Thompson", "Greta Lindqvist"]),
        ("$filter=surname eq 'O''Brien'", ["Siobhán O'Brien"]),
        ("$filter=mail in ('noah.kim@northwind.example','x')", ["Noah Kim"]),
        (
            "$filter=businessPhones/any(p:startswith(p,'%2B81'))",
            ["佐藤 結衣", "田中 陽翔", "鈴木 蓮"],
        ),
        ("$count=true&$filter=endswith(mail,'kim@northwind.example')", ["Noah Kim"]),
        (
            "$count=true&$filter=city eq 'Athens' and jobTitle ne 'Paralegal'",
            ["Ελένη Παπαδοπούλου"],
        ),
        (f"$filter=surname in ('Kim'{',%27x%27' * 14})", ["Noah Kim"]),
        ('$search="displayName:noa"', ["Noah Kim"]),
        ('$search="displayName:o\'brien"', ["Siobhán O'Brien"]),
        ('$search="department:legal" AND ("mail:nikos" OR "mail:noah")', ["Νίκος Γεωργίου"]),
    ],
)
def test_people_are_found(graph: Graph, query: str, names: list[str]) -> None:
    found = graph.value(f"/users?{query}&$select=displayName", **ADVANCED)
    assert sorted(user["displayName"] for user in found) == names


def test_counting_needs_the_consistency_level(graph: Graph) -> None:
    assert graph.get("/users/$count", **ADVANCED).text == "40"
    assert "@odata.count" not in graph.get("/users?$count=true").json()
    assert graph.get("/users?$count=true&$top=1", **ADVANCED).json()["@odata.count"] == 40


def test_an_unknown_person_is_404_in_the_words_of_the_service(graph: Graph) -> None:
    answer = graph.get("/users/nobody@northwind.example")
    assert (answer.status_code, error_code(answer)) == (404, "Request_ResourceNotFound")
    answer = graph.get("/users/nobody@northwind.example/events")
    assert (answer.status_code, error_code(answer)) == (404, "ErrorInvalidUser")


def test_a_photo_is_a_picture_and_some_people_have_none(graph: Graph) -> None:
    photo = graph.get("/me/photo").json()
    assert (photo["width"], photo["height"]) == (648, 648)
    picture = graph.get("/me/photos/48x48/$value")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    without = TENANT.people[6].id
    for path in ("photo", "photo/$value", "photos"):
        answer = graph.get(f"/users/{without}/{path}")
        assert (answer.status_code, error_code(answer)) == (404, "ImageNotFound")
    assert graph.get("/me/photos/47x47").status_code == 404


def test_mailbox_settings_name_the_time_zone(graph: Graph) -> None:
    assert graph.get("/me/mailboxSettings").json()["timeZone"] == "Pacific Standard Time"


def test_the_seed_is_a_believable_company() -> None:
    assert len(TENANT.people) == len({p.id for p in TENANT.people}) == 40
    zones = {p.iana_time_zone for p in TENANT.people}
    assert zones >= {
        "America/Los_Angeles",
        "Asia/Kolkata",
        "Pacific/Auckland",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Tokyo",
        "Europe/London",
    }
    by_id = {p.id: p for p in TENANT.people}
    for one in TENANT.people:
        seen = set()
        manager: str | None = one.id
        while manager is not None:
            assert manager not in seen
            seen.add(manager)
            manager = by_id[manager].manager_id
        assert TENANT.people[0].id in seen
    assert person("siobhan.obrien").surname == "O'Brien"
