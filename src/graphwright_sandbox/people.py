"""Who is in the tenant: the seeded company, a crowd made only when looked at, those added later.

Entra ID and Microsoft Graph read and change the same object, so that who is created, disabled or
deleted through Graph can or cannot sign in at once. It must not know HTTP, OData or tokens.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, overload

import msgspec

from graphwright_sandbox.tenant import Person


class Crowd(Protocol):
    """People of a large tenant, each computed from its number; numbers start at 0."""

    def __len__(self) -> int: ...

    def person(self, number: int, /) -> Person: ...

    def display_name(self, number: int, /) -> str:
        """The display name alone: cheaper than the person."""

    def number_of_id(self, identifier: str, /) -> int | None:
        """The number of the person with this object id (lower case)."""

    def number_of_name(self, name: str, /) -> int | None:
        """The number of the person with this user principal name or address (case folded)."""

    def reports_of(self, person_id: str, /) -> Sequence[int]:
        """The numbers of those whom this person manages."""


class _Nobody:
    def __len__(self) -> int:
        return 0

    def person(self, number: int) -> Person:
        raise IndexError(number)

    def display_name(self, number: int) -> str:
        raise IndexError(number)

    def number_of_id(self, _identifier: str) -> int | None:
        return None

    def number_of_name(self, _name: str) -> int | None:
        return None

    def reports_of(self, _person_id: str) -> Sequence[int]:
        return ()


@dataclass(frozen=True, slots=True)
class DeletedPerson:
    person: Person
    since: datetime


class People(Sequence[Person]):
    """The people of a tenant in a stable order: the company, the crowd, then whoever was added.

    Costs memory only for the company and for those who were added, changed or removed.
    """

    def __init__(self, company: Sequence[Person], crowd: Crowd | None = None) -> None:
        self.company = tuple(company)
        """The seeded people as they were at the start: what seeds of workloads may build on."""
        self.deleted: dict[str, DeletedPerson] = {}
        """Who was removed and can still be restored, by id."""
        self.revision = 0
        """Counts the changes: what was derived from an earlier revision is stale."""
        self._crowd: Crowd = crowd or _Nobody()
        self.seeded = len(self.company) + len(self._crowd)
        """How many there were at the start: positions below are the company's and the crowd's."""
        self._positions = {person.id: at for at, person in enumerate(self.company)}
        self._present: dict[str, Person] = {}  # as they are now: the company, the changed
        self._names: dict[str, str] = {}
        self._added: list[str] = []
        self._gone: list[int] = []  # positions nobody stands at any more, ascending
        for person in self.company:
            self._keep(person)

    def find(self, identifier: str) -> Person | None:
        """The person of an object id, a user principal name or an address, in any casing."""
        folded = identifier.casefold()
        person = self._present.get(folded)
        if person is not None:
            return person
        named = self._names.get(folded)
        if named is not None:
            return self._present[named]
        number = self._crowd.number_of_id(folded)
        if number is None:
            number = self._crowd.number_of_name(folded)
        if number is None or self._is_gone(len(self.company) + number):
            return None
        person = self._crowd.person(number)
        # A changed one is found by its present names above; here it is meant by a former one.
        return None if person.id in self._present else person

    def get(self, identifier: str) -> Person:
        """The person of an object id. KeyError where nobody has it."""
        person = self.find(identifier)
        if person is None or person.id != identifier.casefold():
            raise KeyError(identifier)
        return person

    def number_of(self, identifier: str) -> int | None:
        """The position of a person (object id) among all who ever were in the tenant."""
        at = self._positions.get(identifier)
        if at is None:
            number = self._crowd.number_of_id(identifier)
            at = None if number is None else len(self.company) + number
        return at

    @property
    def with_mailbox(self) -> int:
        """How many have a mailbox; everybody in the crowd does until somebody changes it."""
        return len(self) - sum(not one.mail for one in self._present.values())

    def reports_of(self, person_id: str) -> list[Person]:
        """Whom a person manages."""
        found = [one for one in self._present.values() if one.manager_id == person_id]
        start = len(self.company)
        for number in self._crowd.reports_of(person_id):
            if not self._is_gone(start + number):
                person = self._crowd.person(number)
                if person.id not in self._present:
                    found.append(person)
        return found

    def add(self, person: Person) -> None:
        """One more person. ValueError where the id or a name belongs to somebody already."""
        if self.find(person.id) is not None or person.id in self.deleted:
            raise ValueError(f"the id {person.id} is taken")
        self._check_names(person)
        if self.number_of(person.id) is None:
            self._positions[person.id] = self.seeded + len(self._added)
            self._added.append(person.id)
        self._keep(person)
        self.revision += 1

    def replace(self, person: Person) -> None:
        """The person of the same id, changed. ValueError where a name belongs to somebody else."""
        former = self.get(person.id)
        self._check_names(person)
        self._forget_names(former)
        self._keep(person)
        self.revision += 1

    def remove(self, identifier: str, since: datetime) -> Person:
        """Take a person out; `deleted` keeps them until they are restored or purged."""
        person = self.get(identifier)
        self._forget_names(person)
        self._present.pop(person.id, None)
        self.deleted[person.id] = DeletedPerson(person, since)
        insort(self._gone, self._position(person.id))
        self.revision += 1
        return person

    def restore(self, identifier: str) -> Person:
        """Bring a removed person back. ValueError where a name was given to somebody else."""
        person = self.deleted[identifier].person
        self._check_names(person)
        del self.deleted[identifier]
        self._gone.remove(self._position(person.id))
        self._keep(person)
        self.revision += 1
        return person

    def purge(self, identifier: str) -> None:
        """Forget a removed person for good."""
        del self.deleted[identifier]

    def at(self, number: int) -> Person | None:
        """Who stands at a position of all who ever were in the tenant; None: no longer there."""
        if self._gone and self._is_gone(number):
            return None
        company = len(self.company)
        if company <= number < self.seeded:
            person = self._crowd.person(number - company)
            return self._present.get(person.id, person)
        if number < company:
            return self._present[self.company[number].id]
        return self._present[self._added[number - self.seeded]]

    def display_names(self) -> Iterator[tuple[int, str]]:
        """The display names of all present, by position; people are not made for it."""
        company = len(self.company)
        changed = {self.number_of(identifier) for identifier in self._present}
        for number in self.numbers():
            if company <= number < self.seeded and number not in changed:
                yield number, self._crowd.display_name(number - company)
            else:
                person = self.at(number)
                if person is not None:
                    yield number, person.display_name

    def numbers(self, start: int = 0, stop: int | None = None) -> Iterator[int]:
        """The positions (of all who ever were) of those present, from the start-th of them on."""
        total = self.seeded + len(self._added)
        stop = len(self) if stop is None else min(stop, len(self))
        if start >= stop:
            return
        gone = self._gone
        # The k-th present person stands k places on, and one more for each who left before.
        left = bisect_right([place - index for index, place in enumerate(gone)], start)
        absent = set(gone[left:])
        wanted = stop - start
        for number in range(start + left, total):
            if number not in absent:
                yield number
                wanted -= 1
                if not wanted:
                    return

    def __len__(self) -> int:
        return self.seeded + len(self._added) - len(self._gone)

    def __iter__(self) -> Iterator[Person]:
        for number in self.numbers():
            person = self.at(number)
            if person is not None:
                yield person

    def __contains__(self, person: object) -> bool:
        return isinstance(person, Person) and self.find(person.id) is not None

    @overload
    def __getitem__(self, index: int) -> Person: ...

    @overload
    def __getitem__(self, index: slice) -> list[Person]: ...

    def __getitem__(self, index: int | slice) -> Person | list[Person]:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            found = [self.at(number) for number in self.numbers(start, stop)]
            return [person for person in found if person is not None][::step]
        index = index + len(self) if index < 0 else index
        for number in self.numbers(index, index + 1):
            person = self.at(number)
            if person is not None and index >= 0:
                return person
        raise IndexError(index)

    def dump(self) -> dict[str, Any]:
        """What differs from the start, as a JSON value."""
        seeded = {person.id: person for person in self.company}
        changed = [one for one in self._present.values() if seeded.get(one.id) is not one]
        return {
            "added": list(self._added),
            "gone": list(self._gone),
            "changed": [msgspec.to_builtins(person) for person in changed],
            "deleted": [msgspec.to_builtins(one) for one in self.deleted.values()],
        }

    def load(self, value: Mapping[str, Any]) -> None:
        """Replaces everything by what `dump` gave."""
        deleted = msgspec.convert(value["deleted"], list[DeletedPerson])
        self.deleted = {one.person.id: one for one in deleted}
        self._added = list(value["added"])
        self._gone = list(value["gone"])
        for at, identifier in enumerate(self._added):
            self._positions[identifier] = self.seeded + at
        self._present, self._names = {}, {}
        changed = {one.id: one for one in msgspec.convert(value["changed"], list[Person])}
        for at, person in enumerate(self.company):
            if not self._is_gone(at):
                self._keep(changed.pop(person.id, person))
        for person in changed.values():
            self._keep(person)
        self.revision += 1

    def _is_gone(self, number: int) -> bool:
        at = bisect_right(self._gone, number)
        return at > 0 and self._gone[at - 1] == number

    def _position(self, identifier: str) -> int:
        number = self.number_of(identifier)
        if number is None:
            raise KeyError(identifier)
        return number

    def _keep(self, person: Person) -> None:
        self._present[person.id] = person
        for name in _names_of(person):
            self._names[name] = person.id

    def _forget_names(self, person: Person) -> None:
        for name in _names_of(person):
            if self._names.get(name) == person.id:
                del self._names[name]

    def _check_names(self, person: Person) -> None:
        for name in _names_of(person):
            holder = self.find(name)
            if holder is not None and holder.id != person.id:
                raise ValueError(f"the name {name} is taken")


def _names_of(person: Person) -> list[str]:
    names = (person.user_principal_name, person.mail)
    return [name.casefold() for name in dict.fromkeys(names) if name]
