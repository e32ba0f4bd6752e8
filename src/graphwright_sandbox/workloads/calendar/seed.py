"""The seeded calendars: plans turned into event records, each participant their own."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from graphwright_sandbox.graph.chance import chance_of
from graphwright_sandbox.graph.item_ids import derive_key
from graphwright_sandbox.graph.recurrence import (
    Recurrence,
    occurrence_dates,
    read_recurrence,
)
from graphwright_sandbox.graph.request import GraphContext, Record
from graphwright_sandbox.graph.values import format_instant
from graphwright_sandbox.tenant import Person
from graphwright_sandbox.workloads.calendar.plans import Plan, company_plans, personal_plans
from graphwright_sandbox.workloads.calendar.records import (
    NO_TIME,
    Change,
    EventRecord,
    default_properties,
    state_address,
    state_attendee,
    state_location,
)


class CalendarSeed:
    """Makes the events of one person at a time; the plans are made once."""

    def __init__(self, context: GraphContext) -> None:
        self._context = context
        self._company: list[Plan] | None = None

    def events_of(self, person: Person, main: bytes, birthdays: bytes) -> list[EventRecord]:
        if self._company is None:
            self._company = company_plans(self._context)
        plans = [
            plan
            for plan in self._company
            if person.id in {plan.organizer.id, *(one.id for one in plan.attendees)}
        ]
        plans.extend(personal_plans(self._context, person))
        calendars = {"default": main, "birthdays": birthdays}
        return [self._record(plan, person, calendars[plan.calendar]) for plan in plans]

    def _record(self, plan: Plan, person: Person, calendar_key: bytes) -> EventRecord:
        start = datetime.combine(plan.day, plan.at or time())
        recurrence = _recurrence(plan)
        created = datetime.combine(
            min(plan.day, self._context.today) - timedelta(days=9), time(8, 12), UTC
        )
        seconds = derive_key("created", plan.key)[0] * 60
        created += timedelta(seconds=seconds)
        key = derive_key("event", plan.key, person.id)
        answers = _answers(plan)
        mine = plan.organizer.id == person.id
        record = EventRecord(
            owner_id=person.id,
            key=key,
            calendar_key=calendar_key,
            uid=f"040000008200E00074C5B7101A82E008{derive_key('uid', plan.key).hex().upper()}",
            properties=_properties(plan, answers, created),
            start=start,
            end=start + timedelta(minutes=plan.minutes),
            zone=plan.organizer.time_zone,
            all_day=plan.at is None,
            created=created,
            modified=created,
            organizer=state_address(plan.organizer),
            is_organizer=mine,
            response="organizer" if mine else answers[person.id],
            responded=NO_TIME if mine else format_instant(created + timedelta(hours=3)),
            recurrence=recurrence,
        )
        _except(record, plan)
        return record


def _recurrence(plan: Plan) -> Recurrence | None:
    if plan.recurrence is None:
        return None
    return read_recurrence(plan.recurrence, plan.day, plan.organizer.time_zone)


def _answers(plan: Plan) -> dict[str, str]:
    chance = chance_of(plan.key)
    words = ("accepted", "accepted", "accepted", "tentativelyAccepted", "notResponded", "declined")
    return {person.id: chance.choice(words) for person in plan.attendees}


def _properties(plan: Plan, answers: dict[str, str], created: datetime) -> Record:
    properties = default_properties()
    content = f"<html><body>{plan.text}</body></html>" if plan.text else ""
    place = state_location(plan.place)
    answered = format_instant(created + timedelta(hours=3))
    properties.update(
        subject=plan.subject,
        body={"contentType": "html", "content": content},
        showAs=plan.show_as,
        sensitivity=plan.sensitivity,
        categories=list(plan.categories),
        isReminderOn=plan.at is not None,
        location=place,
        locations=[place] if plan.place else [],
        isOnlineMeeting=plan.online,
        onlineMeetingProvider="teamsForBusiness" if plan.online else "unknown",
        attendees=[
            state_attendee(
                person.display_name, person.mail, "required", answers[person.id], answered
            )
            for person in plan.attendees
        ],
    )
    return properties


def _except(record: EventRecord, plan: Plan) -> None:
    if record.recurrence is None or not (plan.dropped or plan.moved):
        return
    most = max(*plan.dropped, *plan.moved) + 1
    days: list[date] = list(islice(occurrence_dates(record.recurrence), most))
    record.removed.update(days[number] for number in plan.dropped)
    for number in plan.moved:
        start, end = record.regular_times(days[number])
        later = timedelta(hours=1)
        subject = f"{plan.subject} (moved)"
        record.changes[days[number]] = Change({"subject": subject}, start + later, end + later)
