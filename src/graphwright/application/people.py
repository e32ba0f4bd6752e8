"""The people of an application: the principals that have signed in, by user principal name."""

from graphwright.application.runtime import Runtime
from graphwright.kernel.errors import NotFound, nearest
from graphwright.profiles.principals import Principal


async def find_person(runtime: Runtime, account: str) -> Principal:
    """Who signed in with this user principal name or address; `NotFound` naming the nearest."""
    people: list[Principal] = await runtime.profiles.principals()
    wanted = account.casefold()
    for person in people:
        if wanted in (person.username.casefold(), (person.email or "").casefold()):
            return person
    raise NotFound(
        f"Nobody has signed in as {account}.",
        hint=nearest(account, [person.username for person in people]),
    )
