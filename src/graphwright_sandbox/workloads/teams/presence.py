"""Requests about presence: who is available, and what applications say of them."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from graphwright_sandbox.graph.presentation import View, answer_entity, project
from graphwright_sandbox.graph.request import GraphRequest, GraphResponse, Record
from graphwright_sandbox.graph.time_zones import read_point, state_point, wall_time
from graphwright_sandbox.graph.values import parse_instant
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.teams.errors import bad_request, not_found
from graphwright_sandbox.workloads.teams.message_types import PRESENCE
from graphwright_sandbox.workloads.teams.moments import format_millis
from graphwright_sandbox.workloads.teams.store import TeamsStore

_VIEW = View(PRESENCE, always=("id",))
_SESSIONS = {
    ("Available", "Available"),
    ("Busy", "InACall"),
    ("Busy", "InAConferenceCall"),
    ("Away", "Away"),
    ("DoNotDisturb", "Presenting"),
}
_PREFERRED = {
    ("Available", "Available"),
    ("Busy", "Busy"),
    ("DoNotDisturb", "DoNotDisturb"),
    ("BeRightBack", "BeRightBack"),
    ("Away", "Away"),
    ("Offline", "OffWork"),
}
# Which session wins where several applications say something.
_ORDER = ("DoNotDisturb", "Busy", "Available", "Away")
_DURATION = re.compile(r"PT(?:(\d{1,4})H)?(?:(\d{1,4})M)?|P(\d{1,2})D")


class PresenceService:
    def __init__(self, store: TeamsStore) -> None:
        self._store = store

    def _kept(self, person: Person) -> Record:
        empty: Record = {"sessions": {}, "preferred": None, "status": None, "number": 0}
        kept: Record = self._store.rooms.presences.setdefault(person.id, empty)
        return kept

    def _show(self, person: Person, now: datetime) -> Record:
        kept = self._kept(person)
        sessions = [one for one in kept["sessions"].values() if _holds(one, now)]
        sessions.sort(key=lambda one: _ORDER.index(one["availability"]))
        # Nothing that is preferred makes somebody available who has no session.
        shown = sessions[0] if sessions else _by_the_clock(person, now)
        if kept["preferred"] and _holds(kept["preferred"], now) and sessions:
            shown = kept["preferred"]
        return {
            "id": person.id,
            "availability": shown["availability"],
            "activity": shown["activity"],
            "statusMessage": kept["status"],
            "outOfOfficeSettings": {"message": None, "isOutOfOffice": False},
            "workLocation": None,
            "sequenceNumber": f"A{kept['number']:010d}",
        }

    def get(self, request: GraphRequest) -> GraphResponse:
        shown = self._show(request.person, request.now)
        return answer_entity(request, _VIEW, shown, request.mailbox_path("presence"))

    def get_by_id(self, request: GraphRequest) -> GraphResponse:
        person = self._store.context.tenant.people.find(request.keys["presence"])
        if person is None:
            raise not_found()
        shown = self._show(person, request.now)
        return answer_entity(request, _VIEW, shown, "communications/presences")

    def list_by_ids(self, request: GraphRequest) -> GraphResponse:
        ids = request.read_parameters("ids").get("ids")
        if not isinstance(ids, list) or not 1 <= len(ids) <= 650:
            raise bad_request("'ids' needs to hold 1 to 650 ids of users.")
        people = [self._store.context.tenant.people.find(str(one)) for one in ids]
        value = [
            project(request, _VIEW, self._show(person, request.now)) for person in people if person
        ]
        context = request.context("Collection(microsoft.graph.presence)")
        return GraphResponse(200, {"@odata.context": context, "value": value})

    def set_session(self, request: GraphRequest) -> GraphResponse:
        names = ("sessionId", "availability", "activity", "expirationDuration")
        given = request.read_parameters(*names)
        session = given.get("sessionid")
        if not isinstance(session, str) or session.lower() != request.caller.app_id.lower():
            raise bad_request("The sessionId needs to be the id of the application.")
        state = _read_state(given, _SESSIONS, request.now, timedelta(minutes=5))
        if not timedelta(minutes=5) <= state.pop("_duration") <= timedelta(hours=4):
            raise bad_request("The expirationDuration needs to be between PT5M and PT4H.")
        self._kept(request.person)["sessions"][session] = state
        return self._changed(request)

    def clear_session(self, request: GraphRequest) -> GraphResponse:
        session = request.read_parameters("sessionId").get("sessionid")
        sessions = self._kept(request.person)["sessions"]
        if not isinstance(session, str) or session not in sessions:
            raise not_found("The presence session was not found.")
        del sessions[session]
        return self._changed(request)

    def set_preferred(self, request: GraphRequest) -> GraphResponse:
        given = request.read_parameters("availability", "activity", "expirationDuration")
        state = _read_state(given, _PREFERRED, request.now, timedelta(days=1))
        state.pop("_duration")
        self._kept(request.person)["preferred"] = state
        return self._changed(request)

    def clear_preferred(self, request: GraphRequest) -> GraphResponse:
        self._kept(request.person)["preferred"] = None
        return self._changed(request)

    def set_status(self, request: GraphRequest) -> GraphResponse:
        status = request.read_parameters("statusMessage").get("statusmessage")
        if not isinstance(status, dict):
            raise bad_request("'statusMessage' needs a message.")
        message = status.get("message")
        content = message.get("content") if isinstance(message, dict) else None
        if not isinstance(content, str) or len(content) > 280:
            raise bad_request("'statusMessage' needs a message of up to 280 characters.")
        expiry = status.get("expiryDateTime")
        if expiry is not None:
            if not isinstance(expiry, dict):
                raise bad_request("'expiryDateTime' needs a dateTime and a timeZone.")
            expiry = state_point(*read_point(expiry, "expiryDateTime"))
        shown = {
            "message": {"content": content, "contentType": "text"},
            "expiryDateTime": expiry,
            "publishedDateTime": format_millis(request.now),
        }
        self._kept(request.person)["status"] = shown if content else None
        return self._changed(request)

    def _changed(self, request: GraphRequest) -> GraphResponse:
        person = request.person
        self._kept(person)["number"] += 1
        resource = f"communications/presences/{person.id}"
        self._store.record("communications/presences", person.id, "updated", resource)
        return GraphResponse(200)


def _by_the_clock(person: Person, now: datetime) -> Record:
    """Without a session: people are there during their working hours."""
    local = wall_time(now, person.time_zone)
    working = local.weekday() < 5 and 8 <= local.hour < 17
    state = "Available" if working else "Offline"
    return {"availability": state, "activity": state}


def _holds(state: Mapping[str, Any], now: datetime) -> bool:
    return parse_instant(state["until"]) > now


def _read_state(
    given: Mapping[str, Any], allowed: set[tuple[str, str]], now: datetime, otherwise: timedelta
) -> Record:
    pair = (given.get("availability"), given.get("activity"))
    if pair not in allowed:
        raise bad_request("The availability and the activity do not go together.")
    duration = otherwise
    text = given.get("expirationduration")
    if text is not None:
        match = _DURATION.fullmatch(text) if isinstance(text, str) else None
        if match is None or not any(match.groups()):
            raise bad_request("The expirationDuration is not a duration.")
        hours, minutes, days = (int(part or 0) for part in match.groups())
        duration = timedelta(days=days, hours=hours, minutes=minutes)
    until = format_millis(now + duration)
    return {"availability": pair[0], "activity": pair[1], "until": until, "_duration": duration}
