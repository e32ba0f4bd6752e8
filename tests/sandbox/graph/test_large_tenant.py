"""A tenant of many people: made when looked at, found both ways, changed like everybody."""

from collections.abc import Iterator

import pytest

from graphwright_sandbox.graph import create_graph_app
from graphwright_sandbox.seed import create_tenant
from tests.sandbox.graph.calls import NOW, Graph, authorize
from tests.sandbox.in_process import InProcess

COUNT = 2_500
ADVANCED = {"ConsistencyLevel": "eventual"}


@pytest.fixture(scope="module")
def many() -> Iterator[Graph]:
    """Graph as an administrator of the large tenant; each test leaves it as large as it was."""
    app = create_graph_app(create_tenant(people=COUNT), authorize, lambda: NOW)
    with InProcess(app) as client:
        yield Graph(client, "Bearer app::User.ReadWrite.All")


def test_everybody_is_found_by_id_name_and_position() -> None:
    people = create_tenant(people=100_000).people
    assert len(people) == 100_000
    for position in (39, 40, 41, 5_000, 65_535, 99_999):
        person = people[position]
        assert people.number_of(person.id) == position
        for name in (person.id, person.id.upper(), person.mail, person.mail.upper()):
            assert people.find(name) == person
    last = people[-1]
    assert people.find(last.mail.replace("9@", "8@")) != last
    for wrong in ("0" * 36, "x@northwind.example", "emil.flores999999@northwind.example", ""):
        assert people.find(wrong) is None
    with pytest.raises(IndexError):
        people[100_000]


def test_no_two_people_share_an_id_or_a_name() -> None:
    people = list(create_tenant(people=COUNT).people)
    assert len({person.id for person in people}) == COUNT
    assert len({person.mail for person in people}) == COUNT
    assert len({person.display_name for person in people}) > COUNT * 0.9


def test_managers_and_reports_agree_and_all_lead_to_the_chief() -> None:
    people = create_tenant(people=COUNT).people
    for position in (4, 39, 40, 249):
        person = people[position]
        reports = people.reports_of(person.id)
        crowd = {p.id for p in people if p.manager_id == person.id}
        assert {report.id for report in reports} == crowd
    boss = people[-1]
    for _ in range(20):
        if boss.manager_id is None:
            break
        boss = people.get(boss.manager_id)
    assert boss == people[0]


def test_pages_show_everybody_once(many: Graph) -> None:
    users = many.all_pages("/users?$top=999&$select=id")
    assert len(users) == len({user["id"] for user in users}) == COUNT
    assert many.get("/users/$count", **ADVANCED).text == str(COUNT)


def test_a_filter_by_name_finds_what_a_walk_finds(many: Graph) -> None:
    everybody = many.all_pages("/users?$top=999&$select=id,displayName,mail,department")
    query = "/users?$filter=startswith(displayName,'an')&$top=100&$select=id"
    found = {user["id"] for user in many.all_pages(query)}
    expected = {u["id"] for u in everybody if u["displayName"].lower().startswith("an")}
    assert found == expected
    one = everybody[2_222]
    for name in ("mail", "userPrincipalName"):
        equal = many.value(f"/users?$filter={name} eq '{one['mail'].upper()}'&$select=id")
        assert [user["id"] for user in equal] == [one["id"]]
    assert many.value("/users?$filter=mail eq 'nobody@northwind.example'") == []
    two = [everybody[2_000]["id"], everybody[10]["id"]]
    for query in (f"id in ('{two[0]}','x','{two[1]}')", f"id eq '{two[0]}' or id eq '{two[1]}'"):
        for path in ("/users", "/users/delta"):
            listed = many.value(f"{path}?$filter={query}&$select=id")
            assert [user["id"] for user in listed] == two[::-1]
    mixed = many.value(f"/users?$filter=id eq '{two[0]}' or jobTitle eq 'Paralegal'&$select=id")
    assert len(mixed) == 2
    legal = many.all_pages("/users?$filter=department eq 'Data'&$top=999&$select=id")
    assert len(legal) == sum(user["department"] == "Data" for user in everybody)


def test_sorting_by_name_sorts_all_pages(many: Graph) -> None:
    for query, backwards in (("displayName", False), ("displayName desc", True)):
        users = many.all_pages(f"/users?$orderby={query}&$top=999&$select=displayName")
        names = [user["displayName"].casefold() for user in users]
        assert len(names) == COUNT
        assert names == sorted(names, reverse=backwards)


def test_one_of_many_is_changed_deleted_and_restored(many: Graph) -> None:
    user = many.value("/users?$top=999&$select=id,userPrincipalName,displayName")[900]
    path = f"/users/{user['id']}"
    assert many.patch(path, {"displayName": "Zzyzx Road"}).status_code == 204
    found = many.value("/users?$filter=startswith(displayName,'zzyzx')&$select=id")
    assert found == [{"id": user["id"]}]
    assert many.delete(path).status_code == 204
    assert many.get(path).status_code == 404
    assert many.get(f"/users/{user['userPrincipalName']}").status_code == 404
    assert many.value("/users?$filter=startswith(displayName,'zzyzx')") == []
    assert len(many.all_pages("/users?$top=999&$select=id")) == COUNT - 1
    assert many.post(f"/directory/deletedItems/{user['id']}/restore", {}).status_code == 200
    assert many.patch(path, {"displayName": user["displayName"]}).status_code == 204
    assert many.get("/users/$count", **ADVANCED).text == str(COUNT)


def test_the_state_of_a_large_tenant_holds_only_what_was_changed() -> None:
    tenant = create_tenant(people=COUNT)
    start = tenant.people.dump()
    gone = tenant.people.remove(tenant.people[1_000].id, NOW)
    state = tenant.people.dump()
    assert state["gone"] == [1_000]
    assert state["changed"] == []
    other = create_tenant(people=COUNT)
    other.people.load(state)
    assert other.people.find(gone.id) is None
    assert gone.id in other.people.deleted
    other.people.load(start)
    assert other.people.find(gone.mail) == gone
    assert len(other.people) == COUNT
