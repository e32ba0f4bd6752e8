"""People and groups of a tenant: found by any of their names, changed, removed, brought back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from graphwright_sandbox.passwords import hash_password, verify_password
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.seed.groups import group_id
from graphwright_sandbox.seed.people import person_id

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def test_a_person_is_found_by_id_and_by_names_in_any_casing() -> None:
    people = create_tenant().people
    noah = people.get(person_id("noah.kim"))
    assert people.find(noah.id.upper()) is noah
    assert people.find("Noah.Kim@NORTHWIND.example") is noah
    assert people.find("nobody@northwind.example") is None
    with pytest.raises(KeyError):
        people.get(noah.mail)


def test_a_renamed_person_is_found_by_the_new_name_only() -> None:
    people = create_tenant().people
    noah = people.get(person_id("noah.kim"))
    people.replace(replace(noah, user_principal_name="nk@northwind.example", mail=""))
    found = people.find("nk@northwind.example")
    assert found is not None
    assert found.id == noah.id
    assert people.find(noah.user_principal_name) is None
    with pytest.raises(ValueError, match="taken"):
        people.replace(replace(noah, mail="zoe.adeyemi@northwind.example"))


def test_the_order_holds_when_people_leave_come_back_and_join() -> None:
    people = create_tenant().people
    names = [person.user_principal_name for person in people]
    gone = [people.remove(people[5].id, NOW), people.remove(people[0].id, NOW)]
    new = replace(gone[0], id="11111111-0000-4000-8000-000000000001", mail="", display_name="New")
    new = replace(new, user_principal_name="new@northwind.example")
    people.add(new)
    left = [name for at, name in enumerate(names) if at not in (0, 5)]
    assert [person.user_principal_name for person in people] == [*left, "new@northwind.example"]
    assert [person.id for person in people[3:6]] == [person.id for person in list(people)[3:6]]
    assert people[len(people) - 1] == people[-1] == new
    assert gone[0] not in people
    people.remove(new.id, NOW)
    people.purge(new.id)
    for person in gone:
        assert people.restore(person.id) == person
    assert [person.user_principal_name for person in people] == names
    with pytest.raises(IndexError):
        people[len(people)]


def test_a_restored_person_does_not_take_a_name_that_was_given_away() -> None:
    people = create_tenant().people
    noah = people.remove(person_id("noah.kim"), NOW)
    people.add(replace(noah, id="11111111-0000-4000-8000-000000000001"))
    with pytest.raises(ValueError, match="taken"):
        people.restore(noah.id)
    assert noah.id in people.deleted


def test_the_seeded_groups_have_owners_members_and_one_lies_in_another() -> None:
    tenant = create_tenant()
    for group in tenant.groups:
        assert group.owners
        assert all(tenant.people.find(owner) for owner in group.owners)
        assert all(m in tenant.groups or tenant.people.find(m) for m in group.members)
    tane = person_id("tane.walker")
    assert [g.display_name for g in tenant.groups.of(tane)] == ["Field Survey", "Field crews"]
    around = {group.display_name for group in tenant.groups.around(tane)}
    assert around == {"Field Survey", "Field crews", "VPN users"}
    assert tane in tenant.groups.inside(group_id("vpnusers"))
    assert {g.visibility for g in tenant.groups if g.unified} == {
        "Public",
        "Private",
        "HiddenMembership",
    }


def test_only_microsoft_365_groups_can_be_restored() -> None:
    groups = create_tenant().groups
    groups.remove(group_id("fieldcrews"), NOW)
    sales = groups.remove(group_id("sales"), NOW)
    assert list(groups.deleted) == [sales.id]
    assert groups.restore(sales.id) is groups.find("SALES@northwind.example")
    assert groups.find(group_id("fieldcrews")) is None


def test_a_password_is_kept_as_a_hash_that_no_repr_shows() -> None:
    stored = hash_password("Correct-Horse-7")
    assert verify_password("Correct-Horse-7", stored)
    assert not verify_password("correct-horse-7", stored)
    assert "Correct" not in stored
    person = replace(create_tenant().people[0], password_hash=stored)
    assert stored not in repr(person)
