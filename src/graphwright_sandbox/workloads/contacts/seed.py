"""Whom people of the company know outside of it: customers and suppliers, told by the person."""

from __future__ import annotations

from graphwright_sandbox.graph.chance import chance_of
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.tenant import Person

_COUNT = 12
_COMPANIES = (
    ("Fabrikam Shipping", "fabrikam.example", "Hamburg", "Germany"),
    ("Contoso Harbours", "contoso.example", "Rotterdam", "Netherlands"),
    ("Tailspin Aerial", "tailspin.example", "Toulouse", "France"),
    ("Wide World Atlases", "wideworld.example", "Edinburgh", "United Kingdom"),
    ("Lucerne Printing", "lucerne.example", "Luzern", "Switzerland"),
    ("Alpine Lidar", "alpine.example", "Innsbruck", "Austria"),
)
_NAMES = (
    ("Adele", "Vance"),
    ("Björn", "Åkesson"),
    ("Chloé", "Martin"),
    ("Diego", "Herrera"),
    ("Eszter", "Kovács"),
    ("Farid", "Benali"),
    ("Giulia", "Ricci"),
    ("Henk", "de Vries"),
    ("Ingrid", "Solberg"),
    ("Jan", "Dvořák"),
    ("Keiko", "Mori"),
    ("Liam", "O'Shea"),
    ("Marta", "Wójcik"),
    ("Niamh", "Byrne"),
    ("Oksana", "Bondar"),
    ("Pedro", "Nunes"),
)
_JOBS = ("Buyer", "Captain", "Head of Procurement", "Printer", "Surveyor", "Partner Manager")


def seeded_contacts(person: Person) -> list[Record]:
    """What a body would create: the writable properties of each contact."""
    chance = chance_of("contacts", person.id)
    found = []
    for given, surname in chance.sample(_NAMES, _COUNT):
        company, domain, city, country = chance.choice(_COMPANIES)
        number = chance.randint(1000, 9999)
        local = "".join(c for c in f"{given}.{surname}".lower() if c.isascii() and c not in "' ")
        found.append(
            {
                "givenName": given,
                "surname": surname,
                "companyName": company,
                "jobTitle": chance.choice(_JOBS),
                "emailAddresses": [{"name": f"{given} {surname}", "address": f"{local}@{domain}"}],
                "businessPhones": [f"+49 40 555 {number}"],
                "businessAddress": {"city": city, "countryOrRegion": country},
                "categories": ["Customer"] if chance.random() < 0.3 else [],
            }
        )
    return found
