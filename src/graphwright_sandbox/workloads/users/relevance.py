"""The people most relevant to somebody: manager, reports and colleagues, nearest first."""

from __future__ import annotations

from graphwright_sandbox.graph.errors import bad_request
from graphwright_sandbox.graph.filter_binding import Predicate
from graphwright_sandbox.graph.presentation import Limits, View, answer_collection
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, GraphResponse, Record
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.users.entities import PERSON

_LIMITS = Limits(default=10, maximum=1000)


class Relevance:
    def __init__(self, context: GraphContext) -> None:
        self._tenant = context.tenant

    def list_people(self, request: GraphRequest) -> GraphResponse:
        if request.options.search and request.options.filter:
            raise bad_request(
                "The query parameter '$filter' is not supported with '$search'.",
                "SearchWithFilter",
            )
        people = self._near(request.person)
        records = [self._record(person, place) for place, person in enumerate(people)]
        path = request.mailbox_path("people")
        search = _read_search(request.options.search)
        return answer_collection(request, View(PERSON), records, path, _LIMITS, search=search)

    def _near(self, person: Person) -> list[Person]:
        people = self._tenant.people
        manager = people.find(person.manager_id) if person.manager_id else None
        near = [manager] if manager else []
        near += people.reports_of(person.id)
        ids = {person.id, *(one.id for one in near)}
        colleagues = (people.find(one.id) for one in people.company)
        near += [
            one
            for one in colleagues
            if one is not None and one.department == person.department and one.id not in ids
        ]
        return near

    def _record(self, person: Person, place: int) -> Record:
        score = round(30 / (place + 1), 2)
        phones = [{"type": "business", "number": number} for number in person.business_phones]
        if person.mobile_phone:
            phones.append({"type": "mobile", "number": person.mobile_phone})
        return {
            "id": person.id,
            "displayName": person.display_name,
            "givenName": person.given_name or None,
            "surname": person.surname or None,
            "birthday": "",
            "personNotes": "",
            "isFavorite": False,
            "jobTitle": person.job_title or None,
            "companyName": self._tenant.display_name,
            "yomiCompany": "",
            "department": person.department or None,
            "officeLocation": person.office_location or None,
            "profession": "",
            "userPrincipalName": person.user_principal_name,
            "imAddress": f"sip:{person.mail}" if person.mail else None,
            "scoredEmailAddresses": [{"address": person.mail, "relevanceScore": score}]
            if person.mail
            else [],
            "phones": phones,
            "postalAddresses": [],
            "personType": {"class": "Person", "subclass": "OrganizationUser"},
        }


def _read_search(text: str | None) -> Predicate | None:
    """Each word begins a name or the address."""
    if text is None:
        return None
    words = text.strip().strip('"').casefold().split()

    def test(record: Record) -> bool:
        names = (record["displayName"], record["givenName"], record["surname"])
        parts = " ".join(filter(None, (*names, record["userPrincipalName"]))).casefold().split()
        return all(any(part.startswith(word) for part in parts) for word in words)

    return lambda record: test(dict(record))
