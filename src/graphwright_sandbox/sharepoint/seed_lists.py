"""The seeded lists: an issue tracker, assets, travel requests, and the people a site knows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from graphwright_sandbox.graph.chance import chance_of
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.sharepoint.columns import make_column
from graphwright_sandbox.sharepoint.models import Identity, ListData, Row, Site, derive_guid
from graphwright_sandbox.tenant import Person

USER_LIST = "users"
_ISSUES = (
    "Contour lines overlap on sheet 14",
    "River name missing in the second script",
    "Export to GeoPackage stops at 2 GB",
    "Legend cut off in the A3 layout",
    "Wrong datum in the coast survey",
    "Station P017 measured twice",
    "Colours too pale in print",
    "Search does not find diacritics",
    "Footpaths drawn above buildings",
    "Scale bar rounds to full miles",
    "Old border in the north-east",
    "Proof print missing page 6",
)
_ASSETS = (
    ("Total station TS16", "Instrument", 18400.0),
    ("GNSS rover R12", "Instrument", 14250.5),
    ("Echo sounder", "Instrument", 6900.0),
    ("Plotter 44 inch", "Office", 5200.0),
    ("Satellite telephone", "Communication", 980.0),
    ("Survey van", "Vehicle", 38900.0),
    ("Drone M350", "Vehicle", 11700.0),
    ("Levelling staff", "Instrument", 240.0),
)
_JOURNEYS = (
    ("Coast survey", "Auckland", 9, 140),
    ("Map fair", "Berlin", 3, 165),
    ("Customer review", "Tokyo", 4, 180),
    ("River levels", "Cairo", 12, 95),
    ("Border archive", "Almaty", 5, 80),
    ("Print approval", "Athens", 2, 120),
)


class _Filler:
    """A new list and its rows."""

    def __init__(
        self, site: Site, name: str, title: str, author: Identity, moment: datetime, **more: Any
    ) -> None:
        self._author = author
        self._moment = moment
        self.list = ListData(
            id=derive_guid("list", site.id, name),
            name=name,
            display_name=title,
            created=moment - timedelta(days=200),
            modified=moment,
            creator=author,
            editor=author,
            **more,
        )

    def add(self, fields: dict[str, Any], age: int, author: Identity | None = None) -> None:
        target = self.list
        number = target.next_number
        moment = self._moment - timedelta(days=age)
        maker = author or self._author
        unique = derive_guid("row", target.id, number)
        target.rows[number] = Row(number, unique, moment, moment, maker, maker, fields)
        target.next_number += 1


def user_number(site: Site, person_id: str) -> int | None:
    """The number by which lists of a site refer to somebody."""
    users = next(one for one in site.lists.values() if one.name == USER_LIST)
    return next(
        (row.number for row in users.rows.values() if row.fields.get("_person") == person_id), None
    )


def user_fields(person: Person) -> dict[str, Any]:
    """Somebody's row in the list of people."""
    return {
        "Title": person.display_name,
        "Name": f"i:0#.f|membership|{person.user_principal_name}",
        "EMail": person.mail,
        "JobTitle": person.job_title,
        "Department": person.department,
        "_person": person.id,
    }


def make_user_list(
    site: Site, people: Sequence[Person], author: Identity, moment: datetime
) -> ListData:
    """The hidden list that person columns refer to."""
    filler = _Filler(
        site,
        USER_LIST,
        "User Information List",
        author,
        moment,
        template="userInformation",
        hidden=True,
        # SharePoint's own accounts stand before the first person.
        next_number=6,
        columns=[make_column(name, "text") for name in ("Name", "EMail", "JobTitle", "Department")],
    )
    for person in people:
        filler.add(user_fields(person), 0)
    return filler.list


def make_issue_list(
    site: Site, people: Sequence[Person], author: Identity, moment: datetime
) -> ListData:
    """An issue tracker."""
    filler = _Filler(site, "Issues", "Issue tracker", author, moment, description="What is wrong.")
    filler.list.columns = [
        make_column(
            "Status",
            "choice",
            {"choices": ["Active", "Resolved", "Closed"]},
            indexed=True,
            defaultValue={"value": "Active"},
        ),
        make_column("Priority", "choice", {"choices": ["High", "Normal", "Low"]}),
        make_column("AssignedTo", "personOrGroup", displayName="Assigned to"),
        make_column("DueDate", "dateTime", displayName="Due date"),
        make_column("Description", "text", {"allowMultipleLines": True, "linesForEditing": 6}),
        make_column("Reference", "hyperlinkOrPicture"),
        make_column("RelatedIssue", "lookup", {"listId": filler.list.id}, displayName="Related"),
    ]
    chance = chance_of("issues", site.id)
    for number, title in enumerate(_ISSUES, 1):
        due = moment + timedelta(days=chance.randrange(-20, 40))
        fields: dict[str, Any] = {
            "Title": title,
            "Status": chance.choice(("Active", "Active", "Resolved", "Closed")),
            "Priority": chance.choice(("High", "Normal", "Normal", "Low")),
            "AssignedTo": user_number(site, chance.choice(people).id),
            "DueDate": format_instant(due.replace(hour=0)),
            "Description": f"{title}. Seen on {due:%d %B}.",
        }
        if number > 1 and chance.random() < 0.3:
            fields["RelatedIssue"] = chance.randrange(1, number)
        filler.add(fields, chance.randrange(1, 60))
    return filler.list


def make_asset_list(
    site: Site, people: Sequence[Person], author: Identity, moment: datetime
) -> ListData:
    """What the company owns."""
    filler = _Filler(site, "Assets", "Assets", author, moment, description="What we own.")
    kinds = ["Instrument", "Office", "Communication", "Vehicle"]
    filler.list.columns = [
        make_column("AssetType", "choice", {"choices": kinds}, displayName="Type"),
        make_column("SerialNumber", "text", displayName="Serial number", indexed=True),
        make_column("Value", "currency"),
        make_column("InUse", "boolean", displayName="In use", defaultValue={"value": "1"}),
        make_column("Bought", "dateTime"),
        make_column("Holder", "personOrGroup"),
    ]
    chance = chance_of("assets", site.id)
    for title, kind, value in _ASSETS:
        bought = moment - timedelta(days=chance.randrange(100, 1500))
        filler.add(
            {
                "Title": title,
                "AssetType": kind,
                "SerialNumber": f"NW-{chance.randrange(10_000, 99_999)}",
                "Value": value,
                "InUse": chance.random() < 0.8,
                "Bought": format_instant(bought.replace(hour=0)),
                "Holder": user_number(site, chance.choice(people).id) if people else None,
            },
            chance.randrange(1, 200),
        )
    return filler.list


def make_travel_list(
    site: Site, people: Sequence[Person], author: Identity, moment: datetime
) -> ListData:
    """Who wants to go where, and what it costs."""
    filler = _Filler(site, "TravelRequests", "Travel requests", author, moment)
    filler.list.columns = [
        make_column("Destination", "text"),
        make_column("Traveller", "personOrGroup"),
        make_column("Start", "dateTime"),
        make_column("Nights", "number", {"decimalPlaces": "none", "minimum": 0}),
        make_column("Rate", "currency"),
        make_column("Cost", "calculated", {"formula": "=[Nights]*[Rate]", "outputType": "number"}),
        make_column("Approved", "boolean", defaultValue={"value": "0"}),
        make_column(
            "Means", "choice", {"choices": ["Train", "Plane", "Car"], "displayAs": "checkBoxes"}
        ),
    ]
    chance = chance_of("travel", site.id)
    for title, destination, nights, rate in _JOURNEYS:
        start = moment + timedelta(days=chance.randrange(3, 80))
        filler.add(
            {
                "Title": title,
                "Destination": destination,
                "Traveller": user_number(site, chance.choice(people).id) if people else None,
                "Start": format_instant(start.replace(hour=0)),
                "Nights": nights,
                "Rate": rate,
                "Approved": chance.random() < 0.5,
                "Means": ["Train"] if rate > 130 else ["Plane", "Car"],
            },
            chance.randrange(1, 40),
        )
    return filler.list
