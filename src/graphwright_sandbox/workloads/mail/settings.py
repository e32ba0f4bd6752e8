"""Requests about what a mailbox holds besides mail: rules, categories, overrides, mail tips.

Rules are kept and shown; they do not run.
"""

import uuid
from collections.abc import Callable
from datetime import datetime

from graphwright_sandbox.graph.edm import SCHEMA, StructuredType
from graphwright_sandbox.graph.errors import GraphError, bad_request, item_not_found
from graphwright_sandbox.graph.presentation import Limits, View, answer_collection, answer_entity
from graphwright_sandbox.graph.request import (
    GraphContext,
    GraphRequest,
    GraphResponse,
    Record,
    no_content,
)
from graphwright_sandbox.graph.routing import READ_MANY, READ_ONE, Operation
from graphwright_sandbox.graph.time_zones import localize, read_point
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.mail.mailboxes import Mailbox
from graphwright_sandbox.workloads.mail.store import Mailboxes

_LIMITS = Limits(default=100, maximum=1000)
_COLORS = SCHEMA.enums["categoryColor"]
_TIPS = {
    "automaticreplies": ("automaticReplies", {"message": ""}),
    "mailboxfullstatus": ("mailboxFull", False),
    "custommailtip": ("customMailTip", ""),
    "externalmembercount": ("externalMemberCount", 0),
    "totalmembercount": ("totalMemberCount", 1),
    "maxmessagesize": ("maxMessageSize", 37748736),
    "deliveryrestriction": ("deliveryRestricted", False),
    "moderationstatus": ("isModerated", False),
    "recipientscope": ("recipientScope", "internal"),
    "recipientsuggestions": ("recipientSuggestions", []),
}
Check = Callable[[list[Record], Record, Record | None], None]


class Entries:
    """A list of small entities in a mailbox's settings: read, made, changed, deleted."""

    def __init__(
        self,
        mailboxes: Mailboxes,
        entries: Callable[[Mailbox], list[Record]],
        declared: StructuredType,
        path: str,
        check: Check,
    ) -> None:
        self._mailboxes = mailboxes
        self._entries = entries
        self._view = View(declared, always=("id",))
        self._path = path
        self._check = check

    def operations(self, base: str) -> list[Operation]:
        one = f"{base}/{{entry}}"
        return [
            Operation("GET", base, self.list, options=READ_MANY),
            Operation("POST", base, self.create),
            Operation("GET", one, self.get, options=READ_ONE),
            Operation("PATCH", one, self.change),
            Operation("DELETE", one, self.delete),
        ]

    def _list(self, request: GraphRequest) -> list[Record]:
        mailbox = self._mailboxes.of(request.person)
        folder = request.keys.get("folder")
        if folder is not None and mailbox.find_folder(folder).well_known != "inbox":
            raise bad_request("Rules are kept in the inbox only.", "ErrorInvalidRequest")
        if request.method != "GET":
            mailbox.written = True
        return self._entries(mailbox)

    def _one(self, request: GraphRequest) -> Record:
        for entry in self._list(request):
            if entry["id"].lower() == request.keys["entry"].lower():
                return entry
        raise item_not_found()

    def list(self, request: GraphRequest) -> GraphResponse:
        entries, path = self._list(request), request.mailbox_path(self._path)
        return answer_collection(request, self._view, entries, path, _LIMITS)

    def get(self, request: GraphRequest) -> GraphResponse:
        path = request.mailbox_path(self._path)
        return answer_entity(request, self._view, self._one(request), path)

    def create(self, request: GraphRequest) -> GraphResponse:
        given = request.read_entity(self._view.type.name)
        entries = self._list(request)
        self._check(entries, given, None)
        record = {"id": str(uuid.uuid4()), **given}
        entries.append(record)
        path = request.mailbox_path(self._path)
        return answer_entity(request, self._view, record, path, status=201)

    def change(self, request: GraphRequest) -> GraphResponse:
        given = request.read_entity(self._view.type.name)
        record = self._one(request)
        self._check(self._list(request), given, record)
        record.update(given)
        return answer_entity(request, self._view, record, request.mailbox_path(self._path))

    def delete(self, request: GraphRequest) -> GraphResponse:
        record = self._one(request)
        self._list(request).remove(record)
        return no_content()


def settings_operations(mailboxes: Mailboxes, context: GraphContext) -> list[Operation]:
    """Everything below a user that this module answers."""
    user = "/users/{user}"

    def entries(kind: str, name: str, path: str, check: Check) -> Entries:
        def find(mailbox: Mailbox) -> list[Record]:
            found: list[Record] = getattr(mailbox.settings, kind)
            return found

        return Entries(mailboxes, find, SCHEMA.structured[name], path, check)

    rules = entries("rules", "messageRule", "mailFolders('inbox')/messageRules", _check_rule)
    categories = entries(
        "categories", "outlookCategory", "outlook/masterCategories", _check_category
    )
    overrides = entries(
        "overrides",
        "inferenceClassificationOverride",
        "inferenceClassification/overrides",
        _check_override,
    )
    return [
        *rules.operations(f"{user}/mailFolders/{{folder}}/messageRules"),
        *categories.operations(f"{user}/outlook/masterCategories"),
        *overrides.operations(f"{user}/inferenceClassification/overrides"),
        Operation("POST", f"{user}/getMailTips", lambda request: _mail_tips(request, context)),
    ]


def _check_rule(entries: list[Record], given: Record, known: Record | None) -> None:
    if known is None:
        if not given.get("displayName") or not given.get("actions"):
            raise bad_request("A rule needs a displayName and actions.", "ErrorInvalidRequest")
        following = max((entry.get("sequence") or 0 for entry in entries), default=0) + 1
        given.setdefault("sequence", following)
        given.setdefault("isEnabled", True)
        given.setdefault("isReadOnly", False)
        given["hasError"] = False
    sequence = given.get("sequence")
    if sequence is not None and sequence < 1:
        raise bad_request("The sequence of a rule begins at 1.", "ErrorInvalidRequest")


def _check_category(entries: list[Record], given: Record, known: Record | None) -> None:
    if known is not None and given.get("displayName") not in (None, known["displayName"]):
        raise bad_request("The name of a category cannot be changed.", "ErrorInvalidRequest")
    if known is None:
        name = given.get("displayName")
        if not name:
            raise bad_request("A category needs a displayName.", "ErrorInvalidRequest")
        if any(entry["displayName"].casefold() == name.casefold() for entry in entries):
            raise GraphError(409, "CategoryExists", "A category of this name already exists.")
    given["color"] = given.get("color") or (known or {}).get("color") or _COLORS[0]


def _check_override(entries: list[Record], given: Record, known: Record | None) -> None:
    address = (given.get("senderEmailAddress") or {}).get("address") or ""
    if known is None and ("@" not in address or not given.get("classifyAs")):
        raise bad_request(
            "An override needs a senderEmailAddress and classifyAs.", "ErrorInvalidRequest"
        )
    for entry in list(entries):
        # As Exchange does: another override for the same sender takes the place of the former.
        if known is None and entry["senderEmailAddress"]["address"].lower() == address.lower():
            entries.remove(entry)


def _automatic_replies(context: GraphContext, person: Person, now: datetime) -> Record:
    """What colleagues are answered while somebody is away; empty where they are not."""
    setting = context.post.settings_of(person).get("automaticRepliesSetting") or {}
    tip: Record = {"message": ""}
    if setting.get("status") == "scheduled":
        start, end = setting.get("scheduledStartDateTime"), setting.get("scheduledEndDateTime")
        if _instant(start, now) <= now < _instant(end, now):
            tip |= {"scheduledStartTime": start, "scheduledEndTime": end}
        else:
            return tip
    elif setting.get("status") != "alwaysEnabled":
        return tip
    tip["message"] = setting.get("internalReplyMessage") or ""
    return tip


def _instant(point: Record | None, default: datetime) -> datetime:
    """The instant of a dateTimeTimeZone; what was never set is `default`."""
    try:
        return localize(*read_point(point or {}, "scheduledDateTime"))
    except GraphError:
        return default


def _mail_tips(request: GraphRequest, context: GraphContext) -> GraphResponse:
    parameters = request.read_parameters("EmailAddresses", "MailTipsOptions")
    addresses = parameters.get("emailaddresses")
    names = parameters.get("mailtipsoptions")
    if not isinstance(addresses, list) or not all(isinstance(one, str) for one in addresses):
        raise bad_request("The parameter 'EmailAddresses' needs texts.", "ErrorInvalidRequest")
    if not addresses or len(addresses) > 100:
        raise bad_request("Mail tips are told of 1 to 100 recipients.", "ErrorInvalidRequest")
    wanted = [name.strip().lower() for name in str(names or "").split(",") if name.strip()]
    unknown = [name for name in wanted if name not in _TIPS]
    if unknown or not wanted:
        raise bad_request("The parameter 'MailTipsOptions' is not valid.", "ErrorInvalidRequest")
    tips = []
    for address in addresses:
        person = context.find_person(address)
        shown = {"address": address, "name": person.display_name if person else ""}
        tip: Record = {"emailAddress": shown, **dict(_TIPS[name] for name in wanted)}
        if person is None and "recipientscope" in wanted:
            tip["recipientScope"] = "external"
        if person is not None and "automaticreplies" in wanted:
            tip["automaticReplies"] = _automatic_replies(context, person, request.now)
        tips.append(tip)
    kind = "Collection(microsoft.graph.mailTips)"
    return GraphResponse(200, {"@odata.context": request.context(kind), "value": tips})
