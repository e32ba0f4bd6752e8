"""The meetings of the seeded company, as plans: who meets whom, when, how often.

Everything is told relative to the day the sandbox starts. Pure; turns nothing into records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from graphwright_sandbox.graph.chance import chance_of
from graphwright_sandbox.graph.recurrence import DAYS
from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.tenant import Person

FIRST_DAY, LAST_DAY = -60, 120
WORKDAYS = list(DAYS[:5])


@dataclass(frozen=True)
class Plan:
    """One event or series. `at` None means all day; `minutes` is then days times 1,440."""

    key: str
    subject: str
    organizer: Person
    day: date
    at: time | None
    minutes: int
    attendees: tuple[Person, ...] = ()
    recurrence: dict[str, Any] | None = None
    place: str = ""
    text: str = ""
    show_as: str = "busy"
    sensitivity: str = "normal"
    categories: tuple[str, ...] = ()
    online: bool = False
    calendar: str = "default"
    dropped: tuple[int, ...] = ()
    """Numbers of occurrences that were cancelled."""
    moved: tuple[int, ...] = ()
    """Numbers of occurrences that take place an hour later."""


def company_plans(context: GraphContext) -> list[Plan]:
    """Everything people do together."""
    people = context.tenant.people.company
    plans = [*_stand_ups(people, context.today), *_one_to_ones(people, context.today)]
    chief = people[0]
    plans.append(
        Plan(
            "all-hands",
            "All hands 🌍",
            chief,
            _weekday_in_month(context.today + timedelta(days=FIRST_DAY), 2),
            time(16, 0),
            60,
            people[1:],
            _series("relativeMonthly", daysOfWeek=["wednesday"], index="first"),
            "Berlin 4.01 and online",
            "<p>News from every region, questions at the end.</p>",
            online=True,
        )
    )
    makers = [p for p in people if p.department in ("Engineering", "Product")]
    plans.append(
        Plan(
            "offsite",
            "Offsite: the map of 2030",
            makers[0],
            context.today + timedelta(days=23),
            None,
            3 * 1440,
            tuple(makers[1:]),
            None,
            "Spreewald, Lübbenau",
            "<p>Three days. Train from Berlin Hbf at 9.</p>",
            show_as="oof",
            categories=("Blue category",),
        )
    )
    money = [p for p in people if p.department == "Finance"]
    plans.append(
        Plan(
            "close",
            "Monthly close",
            money[0],
            (context.today + timedelta(days=FIRST_DAY)).replace(day=15),
            time(10, 30),
            45,
            tuple(money[1:]),
            _series("absoluteMonthly", dayOfMonth=15),
            "Berlin 2.07",
            "<p>Accruals, open items, forecast.</p>",
            sensitivity="confidential",
        )
    )
    return plans


def _series(kind: str, interval: int = 1, count: int | None = None, **more: Any) -> dict[str, Any]:
    pattern = {"type": kind, "interval": interval, "firstDayOfWeek": "monday", **more}
    limits: dict[str, Any] = {"type": "noEnd"}
    if count:
        limits = {"type": "numbered", "numberOfOccurrences": count}
    return {"pattern": pattern, "range": limits}


def _weekday_in_month(day: date, weekday: int) -> date:
    """The first such weekday of the day's month."""
    first = day.replace(day=1)
    return first + timedelta(days=(weekday - first.weekday()) % 7)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _stand_ups(people: tuple[Person, ...], today: date) -> Iterator[Plan]:
    """Each department, at nine (or ten) o'clock where its head lives: others see it shift."""
    heads: dict[str, list[Person]] = {}
    for person in people:
        heads.setdefault(person.department, []).append(person)
    for number, (department, members) in enumerate(heads.items()):
        if len(members) < 2:
            continue
        days = ["tuesday", "thursday"] if number % 2 else ["monday", "wednesday", "friday"]
        start = _monday(today + timedelta(days=FIRST_DAY)) + timedelta(days=number % 2)
        yield Plan(
            f"stand-up {department}",
            f"{department} stand-up",
            members[0],
            start,
            time(9 + number % 2, 0),
            15,
            tuple(members[1:]),
            _series("weekly", daysOfWeek=days),
            "Online",
            "<p>What moved, what is stuck, who needs whom.</p>",
            online=True,
            dropped=(4,),
            moved=(7, 22),
        )


def _one_to_ones(people: tuple[Person, ...], today: date) -> Iterator[Plan]:
    by_id = {person.id: person for person in people}
    for number, person in enumerate(people):
        if person.manager_id is None:
            continue
        manager = by_id[person.manager_id]
        day = _monday(today) + timedelta(days=number % 5 - 7 * 8)
        yield Plan(
            f"one-to-one {person.id}",
            f"{manager.given_name} / {person.given_name}",
            manager,
            day,
            time(13 + number % 4, 30 * (number // 5 % 2)),
            30,
            (person,),
            _series("weekly", 2, 13, daysOfWeek=[DAYS[day.weekday()]]),
            sensitivity="private",
        )


_SINGLES = {
    "de": ("Zahnarzt", "Kundentermin Grünwald", "Übergabe Kartenblatt 7"),
    "en": ("Dentist", "Client visit: Harbour Board", "Handover of sheet 7"),
    "hi": ("डेटा समीक्षा", "ग्राहक बैठक", "दंत चिकित्सक"),
    "ja": ("顧客訪問（横浜）", "契約レビュー", "歯医者"),
    "el": ("Συνάντηση με πελάτη", "Έλεγχος σύμβασης", "Οδοντίατρος"),
    "ar": ("اجتماع مع العميل", "مراجعة العقد", "طبيب الأسنان"),
    "ru": ("Встреча с заказчиком", "Проверка съёмки", "Стоматолог"),
    "pt": ("Reunião com cliente", "Revisão do contrato", "Dentista"),
}
_COMMON = (
    "Interview: field technician",
    "Budget check <2027>",
    "Vendor call & demo",
    "Review of “coastline” pull request",
    "Coffee with a colleague",
    "Training: data protection",
    "Prepare quarterly report",
)
_ROOMS = ("Room 1.04", "Room 2.11", "Online", "Café", "")
HOLIDAYS: dict[str, tuple[tuple[int, int, str], ...]] = {
    "Germany": (
        (1, 1, "Neujahr"),
        (5, 1, "Tag der Arbeit"),
        (10, 3, "Tag der Deutschen Einheit"),
        (12, 25, "1. Weihnachtstag"),
        (12, 26, "2. Weihnachtstag"),
    ),
    "United States": (
        (1, 1, "New Year's Day"),
        (7, 4, "Independence Day"),
        (11, 11, "Veterans Day"),
        (12, 25, "Christmas Day"),
    ),
    "United Kingdom": (
        (1, 1, "New Year's Day"),
        (12, 25, "Christmas Day"),
        (12, 26, "Boxing Day"),
    ),
    "India": ((1, 26, "गणतंत्र दिवस"), (8, 15, "स्वतंत्रता दिवस"), (10, 2, "गांधी जयंती")),
    "New Zealand": (
        (2, 6, "Waitangi Day"),
        (4, 25, "Anzac Day"),
        (12, 25, "Christmas Day"),
        (12, 26, "Boxing Day"),
    ),
    "Japan": (
        (1, 1, "元日"),
        (2, 11, "建国記念の日"),
        (5, 3, "憲法記念日"),
        (11, 3, "文化の日"),
        (11, 23, "勤労感謝の日"),
    ),
    "Greece": (
        (1, 6, "Θεοφάνεια"),
        (3, 25, "25η Μαρτίου"),
        (8, 15, "Κοίμηση"),
        (10, 28, "Ημέρα του Όχι"),
    ),
    "Egypt": ((1, 7, "عيد الميلاد المجيد"), (7, 23, "ثورة يوليو"), (10, 6, "عيد القوات المسلحة")),
    "Kazakhstan": ((3, 22, "Наурыз"), (10, 25, "День Республики"), (12, 16, "День Независимости")),
    "Brazil": ((4, 21, "Tiradentes"), (9, 7, "Independência"), (11, 15, "República")),
}


def personal_plans(context: GraphContext, person: Person) -> Iterator[Plan]:
    """What somebody does alone: appointments, focus time, holidays, a leave, birthdays."""
    today = context.today
    chance = chance_of("calendar", person.id)
    offsets = [0, 1, -1, *(chance.randint(FIRST_DAY, LAST_DAY) for _ in range(17))]
    subjects = (*_SINGLES.get(person.preferred_language[:2], _SINGLES["en"]), *_COMMON)
    for number, offset in enumerate(offsets):
        yield Plan(
            f"single {person.id} {number}",
            chance.choice(subjects),
            person,
            today + timedelta(days=offset),
            time(chance.randint(8, 17), chance.choice((0, 15, 30, 45))),
            chance.choice((30, 45, 60, 90)),
            place=chance.choice(_ROOMS),
            text="<p>Set up by hand.</p>",
            sensitivity="private" if number % 6 == 3 else "normal",
            categories=("Green category",) if number % 5 == 2 else (),
        )
    yield Plan(
        f"focus {person.id}",
        "Focus time",
        person,
        _monday(today + timedelta(days=FIRST_DAY)) + timedelta(days=2),
        time(14, 0),
        120,
        recurrence=_series("weekly", daysOfWeek=["wednesday"]),
        show_as="workingElsewhere",
    )
    yield Plan(
        f"leave {person.id}",
        "Annual leave",
        person,
        today + timedelta(days=chance.randint(28, 100)),
        None,
        chance.randint(3, 10) * 1440,
        show_as="oof",
    )
    yield from _holidays(person, today)
    yield from _birthdays(context, person)


def _holidays(person: Person, today: date) -> Iterator[Plan]:
    for year in (today.year - 1, today.year, today.year + 1):
        for month, day, name in HOLIDAYS.get(person.country, ()):
            when = date(year, month, day)
            if FIRST_DAY <= (when - today).days <= LAST_DAY:
                yield Plan(
                    f"holiday {person.id} {when}",
                    name,
                    person,
                    when,
                    None,
                    1440,
                    show_as="free",
                    categories=("Holiday",),
                )


def _birthdays(context: GraphContext, person: Person) -> Iterator[Plan]:
    people = context.tenant.people.company
    for number, colleague in enumerate(people):
        if colleague.department == person.department and colleague.id != person.id:
            born = date(1970 + number % 30, 1 + number * 7 % 12, 1 + number * 11 % 28)
            yield Plan(
                f"birthday {person.id} {colleague.id}",
                f"{colleague.display_name} 🎂",
                person,
                born.replace(year=context.today.year - 2),
                None,
                1440,
                recurrence=_series("absoluteYearly", month=born.month, dayOfMonth=born.day),
                show_as="free",
                calendar="birthdays",
            )
