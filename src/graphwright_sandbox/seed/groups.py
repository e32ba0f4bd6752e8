"""The groups of the seeded company: one a department, and some for what crosses departments."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from graphwright_sandbox.groups import Group
from graphwright_sandbox.seed.people import DOMAIN, person_id
from graphwright_sandbox.tenant import Person

_NAMESPACE = uuid.UUID("7d2b6c58-91d4-4c1e-8a7b-3f0e5d6c1b22")
_TEAMS = frozenset({"Engineering", "Field Survey", "Sales", "Product"})
"""The departments that have a team."""
_CREATED = datetime(2020, 2, 3, 9, 0, tzinfo=UTC)


def group_id(nickname: str) -> str:
    """The id of the seeded group with this mail nickname."""
    return str(uuid.uuid5(_NAMESPACE, nickname))


def create_groups(company: Sequence[Person]) -> tuple[Group, ...]:
    """A Microsoft 365 group of each department; two security groups, one inside the other; a
    private group and one that hides its members."""
    departments: dict[str, list[str]] = {}
    for person in company:
        departments.setdefault(person.department, []).append(person.id)
    surveyors = ("aroha.ngata", "aigerim.sultanova", "tane.walker", "isla.mackenzie")
    return (
        *(
            _unified(name, f"Everybody in {name}.", members[:1], members)
            for name, members in departments.items()
        ),
        _unified(
            "Board",
            "What is decided before it is told.",
            _ids("greta.lindqvist"),
            _ids("greta.lindqvist", "maya.okafor", "daniel.whitfield", "renee.fournier"),
            visibility="Private",
        ),
        _unified(
            "Compensation review",
            "Salaries, once a year.",
            _ids("siobhan.obrien"),
            _ids("siobhan.obrien", "renee.fournier"),
            visibility="HiddenMembership",
        ),
        _security(
            "VPN users",
            "May reach the office network from outside.",
            (*_ids("noah.kim", "zoe.adeyemi"), group_id("fieldcrews")),
        ),
        _security("Field crews", "Carry a satellite telephone.", _ids(*surveyors)),
    )


def _ids(*addresses: str) -> list[str]:
    return [person_id(address) for address in addresses]


def _unified(
    name: str,
    description: str,
    owners: Sequence[str],
    members: Sequence[str],
    visibility: str = "Public",
) -> Group:
    nickname = name.lower().replace(" ", "")
    return Group(
        id=group_id(nickname),
        display_name=name,
        mail_nickname=nickname,
        created=_CREATED,
        group_types=("Unified",),
        description=description,
        mail=f"{nickname}@{DOMAIN}",
        mail_enabled=True,
        security_enabled=False,
        visibility=visibility,
        members=tuple(members),
        owners=tuple(owners),
        resource_provisioning_options=("Team",) if name in _TEAMS else (),
    )


def _security(name: str, description: str, members: Sequence[str]) -> Group:
    nickname = name.lower().replace(" ", "")
    return Group(
        id=group_id(nickname),
        display_name=name,
        mail_nickname=nickname,
        created=_CREATED,
        description=description,
        members=tuple(members),
        owners=(person_id("jonas.mueller"),),
    )
