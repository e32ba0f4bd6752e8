"""Mailbox settings: time zone, language, working hours, automatic replies."""

from __future__ import annotations

from typing import Any

from tzlocal.windows_tz import tz_win

from graphwright_sandbox.graph.bodies import read_entity
from graphwright_sandbox.graph.errors import unknown_segment, validation_failed
from graphwright_sandbox.graph.presentation import View, check_shape
from graphwright_sandbox.graph.request import GraphContext, GraphRequest, GraphResponse, Record
from graphwright_sandbox.graph.time_zones import find_zone
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.users.entities import MAILBOX_SETTINGS
from graphwright_sandbox.workloads.users.writes import UserWrites

_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


class Settings:
    """What people set for their mailboxes; the time zone is kept with the person."""

    def __init__(self, context: GraphContext, writes: UserWrites) -> None:
        self._writes = writes
        self._people = context.tenant.people
        self._written: dict[str, Record] = {}
        context.post.on_settings(self._of)
        context.state.add("mailboxSettings", lambda: dict(self._written), self._load)

    def show(self, request: GraphRequest) -> GraphResponse:
        path = request.mailbox_path("mailboxSettings")
        settings = self._of(request.person)
        chosen = check_shape(View(MAILBOX_SETTINGS), request.options)
        if chosen is not None:
            settings = {name: settings[name] for name in chosen if name in settings}
        return GraphResponse(200, {"@odata.context": request.context(path), **settings})

    def show_one(self, request: GraphRequest) -> GraphResponse:
        """One property: its value, or its object."""
        prop = MAILBOX_SETTINGS.find(request.keys["setting"])
        if prop is None:
            raise unknown_segment(request.keys["setting"])
        value = self._of(request.person).get(prop.name)
        context = request.context(request.mailbox_path(f"mailboxSettings/{prop.name}"))
        body = value if isinstance(value, dict) else {"value": value}
        return GraphResponse(200, {"@odata.context": context, **body})

    def update(self, request: GraphRequest) -> GraphResponse:
        given = read_entity(request.read_json(), MAILBOX_SETTINGS)
        zone = given.pop("timeZone", None)
        if zone is not None:
            iana = find_zone(zone).key
            windows = "UTC" if iana == "UTC" else tz_win.get(iana, zone)
            self._writes.set_zone(request.person, windows, iana)
        if "archiveFolder" in given:
            raise validation_failed("The property 'archiveFolder' is read-only.")
        written = dict(self._written.get(request.person.id, {}))
        for name, value in given.items():
            before = self._of(request.person).get(name)
            if isinstance(value, dict) and isinstance(before, dict):
                written[name] = {**before, **value}
            else:
                written[name] = value
        self._check(written)
        self._written[request.person.id] = written
        context = request.context(request.mailbox_path("mailboxSettings"))
        person = self._people.get(request.person.id)
        return GraphResponse(200, {"@odata.context": context, **self._of(person)})

    def _of(self, person: Person) -> Record:
        settings: Record = {
            "archiveFolder": "",
            "timeZone": person.time_zone,
            "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
            "dateFormat": "yyyy-MM-dd",
            "timeFormat": "HH:mm",
            "userPurpose": "user",
            "automaticRepliesSetting": {
                "status": "disabled",
                "externalAudience": "all",
                "internalReplyMessage": "",
                "externalReplyMessage": "",
                "scheduledStartDateTime": {
                    "dateTime": "2026-01-01T08:00:00.0000000",
                    "timeZone": "UTC",
                },
                "scheduledEndDateTime": {
                    "dateTime": "2026-01-02T08:00:00.0000000",
                    "timeZone": "UTC",
                },
            },
            "language": {"locale": person.preferred_language, "displayName": ""},
            "workingHours": {
                "daysOfWeek": list(_DAYS),
                "startTime": "08:00:00.0000000",
                "endTime": "17:00:00.0000000",
                "timeZone": {"name": person.time_zone},
            },
        }
        return {**settings, **self._written.get(person.id, {})}

    def _check(self, written: Record) -> None:
        hours = written.get("workingHours") or {}
        name = (hours.get("timeZone") or {}).get("name")
        if name:
            find_zone(name)
        locale = (written.get("language") or {}).get("locale", "en-US")
        if not isinstance(locale, str) or not 2 <= len(locale) <= 20:
            raise validation_failed("The property 'locale' does not hold a valid locale.")

    def _load(self, value: Any) -> None:
        self._written = dict(value)
