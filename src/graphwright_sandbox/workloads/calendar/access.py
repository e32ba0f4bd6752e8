"""Who may look into whose calendar: the roles of calendar permissions, and what each shows.

The application and the owner may everything; others what the calendar's permissions say.
"""

from graphwright_sandbox.graph.errors import GraphError, item_not_found
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, Record
from graphwright_sandbox.workloads.calendar.mailboxes import CalendarRecord
from graphwright_sandbox.workloads.calendar.records import state_location

OWNER = "owner"
_READERS = frozenset({"limitedRead", "read", "write"})
_WRITERS = frozenset({"write"})
_DELEGATES = frozenset({"delegateWithoutPrivateEventAccess", "delegateWithPrivateEventAccess"})


def role_in(context: GraphContext, request: GraphRequest, calendar: CalendarRecord) -> str:
    """What the caller is in this calendar: its owner, or the role that was given."""
    caller_id = request.caller.user_id
    if caller_id is None or caller_id == request.person.id:
        return OWNER
    caller = context.find_person(caller_id)
    return "none" if caller is None else calendar.role_of(caller.mail)


def check_access(role: str, *, write: bool) -> None:
    """A calendar that is not shared does not exist; one that is may still not be written."""
    if role == OWNER or role in _DELEGATES:
        return
    if role not in _READERS:
        raise item_not_found()
    if write and role not in _WRITERS:
        raise GraphError(
            403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
        )


def masked(record: Record, role: str) -> Record:
    """The event as this role sees it."""
    if role in (OWNER, "delegateWithPrivateEventAccess"):
        return record
    private = record["sensitivity"] in ("private", "confidential")
    if not private and role != "limitedRead":
        return record
    added = record.get("_schema", ())
    shown = {
        **{name: value for name, value in record.items() if name not in added},
        "body": {"contentType": "html", "content": ""},
        "bodyPreview": "",
        "attendees": [],
        "hasAttachments": False,
    }
    if private:
        place = state_location("")
        shown |= {"subject": "Private Appointment", "location": place, "locations": []}
        shown |= {"categories": [], "onlineMeeting": None}
    return shown
