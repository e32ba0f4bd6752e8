"""What is said in the teams and chats of the seeded company, told relative to the first day."""

from datetime import UTC, datetime, time, timedelta

from graphwright_sandbox.graph.chance import chance_of
from graphwright_sandbox.graph.request import Record
from graphwright_sandbox.groups import Group
from graphwright_sandbox.workloads.teams.chats import new_chat
from graphwright_sandbox.workloads.teams.moments import format_millis
from graphwright_sandbox.workloads.teams.posts import (
    Thread,
    identities,
    identity_of,
    new_post,
    react,
)
from graphwright_sandbox.workloads.teams.store import TeamsStore, members_of

# nickname of the group: channels beside General; a name in brackets is a private one
_CHANNELS = {
    "engineering": ("Tile server", "Releases", "(On call)"),
    "fieldsurvey": ("Harbour", "Equipment"),
    "sales": ("Harbour Board", "Asia"),
    "product": ("Map viewer", "Research"),
}
_TALKS = (
    (
        "<p>The nightly build is <b>green</b> again. Thank you!</p>",
        "Which commit was it?",
        "The projection cache. I will write it up.",
    ),
    ("Who is in the office on Thursday?", "Me, from ten o'clock.", "From home this week."),
    (
        "<p>{mention}, can you look at sheet 12 before noon?</p>",
        "<p>On it. See <a href='https://northwind.example/sheets/12'>sheet 12</a> &amp; the log.</p>",
    ),
    ("=SUM(A1:A9) is what the customer sent as a number. Please quote it.",),
    ("<ul><li>Agenda</li><li>Minutes</li></ul>", "Looks complete to me."),
    ("Weather window opens at 6 🌊", "Boat is ready.", "Crew as well."),
)
_WORDS = (
    ("Do you have five minutes?", "Yes, call me.", "<p>Thanks, that <i>helped</i>.</p>"),
    ("Lunch?", "12:30 downstairs", "👍"),
    ("The numbers are in the shared folder.", "Got them, thanks."),
    ("Can you take the call with the Harbour Board?", "I can, if it is before noon."),
)
_GROUP_CHATS = (
    ("Offsite in spring", ("greta.lindqvist", "maya.okafor", "siobhan.obrien", "oscar.nystrom")),
    ("Release crew", ("noah.kim", "olivia.brandt", "zoe.adeyemi", "ava.ramirez")),
    ("東京 / Berlin", ("haruto.tanaka", "yui.sato", "jonas.mueller")),
)


def seed_rooms(store: TeamsStore) -> None:
    """Fills empty rooms: channels and conversations of the teams, chats of colleagues."""
    for group in store.context.tenant.groups:
        if group.mail_nickname in _CHANNELS and "Team" in group.resource_provisioning_options:
            _seed_team(store, group)
    company = store.context.tenant.people.company
    for person in company:
        # Everybody talks with the manager, and with the next colleague.
        others = {person.manager_id, company[(company.index(person) + 1) % len(company)].id}
        for other in sorted(one for one in others if one):
            _seed_chat(store, sorted((person.id, other)))
    by_name = {person.user_principal_name.partition("@")[0]: person for person in company}
    for topic, names in _GROUP_CHATS:
        people = [by_name[name].id for name in names if name in by_name]
        if len(people) > 1:
            _seed_chat(store, people, topic)


def _start(store: TeamsStore, days: float) -> datetime:
    return datetime.combine(store.context.today, time(), UTC) - timedelta(days=days)


def _seed_team(store: TeamsStore, group: Group) -> None:
    store.start_team(group, group.created)
    for name in _CHANNELS[group.mail_nickname]:
        bare = name.strip("()")
        channel = store.new_channel(group.id, bare, _start(store, 200), seed=f"channel {bare}")
        if bare != name:
            channel["membershipType"] = "private"
            kept = (*group.owners, *group.members)[:4]
            channel["_members"] = {
                one: ["owner"] if one in group.owners else [] for one in dict.fromkeys(kept)
            }
        store.rooms.channels[channel["id"]] = channel
    for channel in list(store.rooms.channels.values()):
        if channel["_team"] == group.id:
            _seed_talks(store, group, channel)


def _seed_talks(store: TeamsStore, group: Group, channel: Record) -> None:
    chance = chance_of("teams", group.id, channel["displayName"])
    people = list(channel["_members"] or members_of(group))
    thread = Thread(
        id=channel["id"],
        path="",
        container="",
        channel={"teamId": group.id, "channelId": channel["id"]},
    )
    moment = _start(store, 14)
    for talk in chance.sample(_TALKS, 4):
        moment += timedelta(days=chance.randint(1, 3), minutes=chance.randint(30, 400))
        first = _say(store, thread, chance.choice(people), talk[0], moment, people)
        for number, text in enumerate(talk[1:], 1):
            later = moment + timedelta(minutes=7 * number)
            _say(store, thread, chance.choice(people), text, later, people, first["id"])
        if chance.random() < 0.5:
            react(first, chance.choice(people), "like", moment + timedelta(minutes=3), add=True)


def _say(
    store: TeamsStore,
    thread: Thread,
    author: str,
    text: str,
    moment: datetime,
    people: list[str],
    reply_to: str | None = None,
) -> Record:
    data: Record = {"body": {"contentType": "html" if "<" in text else "text", "content": text}}
    if "{mention}" in text:
        other = next(one for one in people if one != author)
        user = identity_of(store, other)
        data["body"]["content"] = text.format(mention=f'<at id="0">{user["displayName"]}</at>')
        mentioned = identities(user, conversation=None)
        data["mentions"] = [{"id": 0, "mentionText": user["displayName"], "mentioned": mentioned}]
    if reply_to:
        data["replyToId"] = reply_to
    return new_post(store, thread, author, data, moment)


def _seed_chat(store: TeamsStore, people: list[str], topic: str | None = None) -> None:
    chance = chance_of("chat", *people)
    kind = "group" if topic else "oneOnOne"
    identifier = f"19:{people[0]}_{people[1]}@unq.gbl.spaces"
    if topic:
        identifier = f"19:{chance.getrandbits(128):032x}@thread.v2"
    if identifier in store.rooms.chats:
        return
    moment = _start(store, chance.randint(3, 60)) + timedelta(minutes=chance.randint(400, 1000))
    members = {one: ["owner"] for one in people}
    chat = new_chat(store, identifier, kind, topic, members, format_millis(moment))
    thread = Thread(id=identifier, path="", container="")
    for number, text in enumerate(chance.choice(_WORDS)):
        moment += timedelta(minutes=chance.randint(1, 30))
        _say(store, thread, people[number % len(people)], text, moment, people)
    chat["lastUpdatedDateTime"] = format_millis(moment)
