"""The people of a large tenant beyond the company: each computed from a number, none stored.

Ids and names hold the number, so that a person is found again without a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from graphwright_sandbox.seed.people import DOMAIN, OFFICES
from graphwright_sandbox.tenant import Person

_GIVEN = """Aaron Abigail Adrian Agnes Albert Alice Amir Anna Anton Astrid Bella Benedikt Bruno
Carla Cedric Chiara Clara Conrad Dalia Dario Diana Edgar Elisa Emil Erik Esther Fabian Farah Felix
Fiona Frida Gavin Gloria Hamid Hanna Hugo Ida Igor Ines Ivan Jana Jasper Julia Karim Kira Lars Lea
Leon Lina Luca Magda Mark Mila Nils Nora Otto Paula Rosa Simon Tara Vera""".split()
_SURNAMES = """Abel Ackermann Ahmed Albrecht Almeida Anders Archer Arnold Bauer Becker Bell Berg
Bianchi Blake Boyd Braun Brook Burke Campbell Castro Chan Clarke Cohen Costa Cruz Dahl Davies Dixon
Doyle Duarte Eder Ellis Engel Ernst Evans Faber Falk Farrell Ferrari Fischer Fletcher Flores Fox
Frank Franke Garcia Gibson Graf Grant Gray Green Gruber Haas Hahn Hansen Harris Hart Hayes Heller
Hill Hoffmann Holm Horn Hunt Huber Ivanov Jansen Jensen Johnson Kaiser Kaya Keller Khan King Klein
Koch Kovacs Kramer Krause Lang Larsen Lee Lehmann Lewis Lind Lopez Lorenz Ludwig Maier Marino
Martin Mason Mayer Meyer Moore Moreau Morgan Moser Murphy Neumann Novak Nowak Olsen Ortiz Palmer
Park Patel Peters Petrov Pohl Quinn Ramos Reed Reyes Richter Rivera Rossi Roth Russo Santos Sauer
Schmid Scott Silva Singh Stein Stone Vogel""".split()
_LOWER_GIVEN = [name.lower() for name in _GIVEN]
_LOWER_SURNAMES = [name.lower() for name in _SURNAMES]
_WORK = (
    ("Surveyor", "Field Survey"),
    ("Account Manager", "Sales"),
    ("Software Engineer", "Engineering"),
    ("Data Analyst", "Data"),
    ("Product Designer", "Product"),
    ("Accountant", "Finance"),
    ("Recruiter", "Human Resources"),
)
_OFFICES = tuple(OFFICES.items())
_FIRST_DAY = datetime(2019, 1, 1, 9, 0, tzinfo=UTC)
_DAYS = 2000
_REPORTS = 10
_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}")
_BITS = 2**120 - 1
_FACTOR = 0x9E3779B97F4A7C15F39CC0605CEDC9
_OFFSET = 0x5A827999FB4D2E1A3C6EF372FE94F8
_INVERSE = pow(_FACTOR, -1, 2**120)


class SeededCrowd:
    """`count` people after the company: everybody's manager stands at a tenth of their position."""

    def __init__(self, company: Sequence[Person], count: int) -> None:
        self._company = tuple(person.id for person in company)
        self._count = count

    def __len__(self) -> int:
        return self._count

    def person(self, number: int, /) -> Person:
        if not 0 <= number < self._count:
            raise IndexError(number)
        given, surname = _names(number)
        office, (city, country, windows_zone, zone, language, prefix) = _OFFICES[
            number % len(_OFFICES)
        ]
        job, department = _WORK[number % len(_WORK)]
        name = _address(number)
        return Person(
            id=_id_of(number),
            user_principal_name=name,
            display_name=f"{given} {surname}",
            given_name=given,
            surname=surname,
            job_title=job,
            department=department,
            office_location=f"{office}/{1 + number % 9}{number % 89:02d}",
            mail=name,
            business_phones=(f"{prefix} 555 {number:06d}",),
            manager_id=self._manager_of(number),
            time_zone=windows_zone,
            iana_time_zone=zone,
            preferred_language=language,
            city=city,
            country=country,
            employee_id=f"{2000 + number}",
            created=_day(number % _DAYS),
        )

    def display_name(self, number: int, /) -> str:
        given, surname = _names(number)
        return f"{given} {surname}"

    def number_of_id(self, identifier: str, /) -> int | None:
        if not _GUID.fullmatch(identifier):
            return None
        digits = identifier.replace("-", "")
        free = int(digits[:12] + digits[13:16] + digits[17:], 16)
        number = (free - _OFFSET) * _INVERSE & _BITS
        return number if number < self._count else None

    def number_of_name(self, name: str, /) -> int | None:
        local, _, domain = name.partition("@")
        digits = local[len(local.rstrip("0123456789")) :]
        if domain != DOMAIN or not digits or len(digits) > 7:
            return None
        number = int(digits)
        if number >= self._count or _address(number) != name:
            return None
        return number

    def reports_of(self, person_id: str, /) -> Sequence[int]:
        first = len(self._company)
        if person_id in self._company:
            position = self._company.index(person_id)
        else:
            number = self.number_of_id(person_id)
            if number is None:
                return ()
            position = first + number
        start = max(position * _REPORTS, first)
        stop = min((position + 1) * _REPORTS, first + self._count)
        return range(start - first, max(start, stop) - first)

    def _manager_of(self, number: int) -> str:
        position = (len(self._company) + number) // _REPORTS
        first = len(self._company)
        return self._company[position] if position < first else _manager_id(position - first)


def _names(number: int) -> tuple[str, str]:
    """Lists whose lengths share no divisor: a pair comes again only after all pairs."""
    return _GIVEN[number % len(_GIVEN)], _SURNAMES[number % len(_SURNAMES)]


def _address(number: int) -> str:
    given, surname = _LOWER_GIVEN[number % len(_GIVEN)], _LOWER_SURNAMES[number % len(_SURNAMES)]
    return f"{given}.{surname}{number}@{DOMAIN}"


def _id_of(number: int) -> str:
    """A GUID that looks like a random one: its 120 free bits are a bijection of the number."""
    digits = f"{(number * _FACTOR + _OFFSET) & _BITS:030x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-a{digits[15:18]}-{digits[18:]}"


_manager_id = lru_cache(maxsize=256)(_id_of)
"""Those who stand side by side have the same manager."""


@lru_cache(maxsize=_DAYS)
def _day(number: int) -> datetime:
    return _FIRST_DAY + timedelta(days=number)
