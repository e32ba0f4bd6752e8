"""The people of the tenant: find one, sign in as one, disable one, end their sessions.

It must not know how a sign-in is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import islice
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright_sandbox.entra.parameters import Parameters
from graphwright_sandbox.pages.console.desk import Desk, Done
from graphwright_sandbox.pages.console.frame import (
    BASE,
    Visit,
    avatar,
    badge,
    button,
    console_page,
    token_field,
)
from graphwright_sandbox.tenant import Person

_PATH = f"{BASE}/people"
_SHOWN = 50
_SEARCHED = 5_000
"""How many people a search by words looks at: each of a large tenant is made when looked at."""


class People:
    """``/_sandbox/people``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [
            self._desk.show(_PATH, self.show),
            self._desk.do(f"{_PATH}/{{id}}/sign-in", self.sign_in),
            self._desk.do(f"{_PATH}/{{id}}/enable", self.enable),
            self._desk.do(f"{_PATH}/{{id}}/disable", self.disable),
            self._desk.do(f"{_PATH}/{{id}}/revoke", self.revoke),
            self._desk.do(f"{_PATH}/sign-out", self.sign_out),
        ]

    def show(self, request: Request, visit: Visit) -> Response:
        search = request.query_params.get("q", "").strip()[:200]
        start = _read_start(request.query_params.get("start", ""))
        people = self._desk.entra.tenant.people
        signed_in = self._signed_in(request)
        if search:
            found = list(islice(self._find(search), start, start + _SHOWN + 1))
        else:
            found = list(people[start : start + _SHOWN + 1])
        rows = "".join(_row(one, one.id in signed_in) for one in found[:_SHOWN])
        table = f"""<form method="post" action="{_PATH}">{token_field(visit)}
<div class="scroll"><table class="cards"><thead><tr><th scope="col">Name</th>
<th scope="col">Job</th><th scope="col">Place</th><th scope="col">State</th>
<th scope="col">Actions</th></tr></thead><tbody>{rows}</tbody></table></div></form>"""
        body = f"""<h1>People</h1>
<p class="lead">{len(people):,} people work here; nobody needs a password unless one was set.
“Sign in as” opens this browser's session at the sandbox, so that the next application asks no
more who you are.</p>
{_search(search)}{self._session(visit, signed_in)}
{table if rows else f'<p role="status">Nobody here matches “{escape(search)}”.</p>'}
{_further(search, start, len(found) > _SHOWN)}"""
        if search and len(people) > _SEARCHED:
            body += f"""<p class="quiet">Words are looked for among the first {_SEARCHED:,} people;
a whole sign-in name, address or id is found everywhere.</p>"""
        return console_page(visit, _PATH, "People", body, wide=True)

    def sign_in(self, request: Request, _: Parameters) -> Response:
        entra, pages = self._desk.entra, self._desk.sign_in
        person = entra.directory.get_enabled_person(request.path_params["id"])
        session = pages.session_of(request)
        session.sign_in(person.id, entra.clock())
        entra.browsers.renew_session(session)
        done = Done(f"This browser is signed in as {person.display_name}.", _PATH)
        return pages.with_cookie(self._desk.go_on(request, done), session)

    def sign_out(self, request: Request, _: Parameters) -> Done:
        session = self._desk.sign_in.session_of(request)
        self._desk.entra.browsers.end_session(session.key)
        return Done("Nobody is signed in to the sandbox in this browser any more.", _PATH)

    def enable(self, request: Request, _: Parameters) -> Done:
        return self._set_enabled(request, True)

    def disable(self, request: Request, _: Parameters) -> Done:
        return self._set_enabled(request, False)

    def revoke(self, request: Request, _: Parameters) -> Done:
        directory = self._desk.entra.directory
        person = directory.get_person(request.path_params["id"])
        directory.revoke_grants(person)
        return Done(f"All sessions of {person.display_name} were revoked.", _PATH)

    def _set_enabled(self, request: Request, enabled: bool) -> Done:
        directory = self._desk.entra.directory
        person = directory.get_person(request.path_params["id"])
        directory.set_enabled(person, enabled)
        return Done(f"{person.display_name} is {'enabled' if enabled else 'disabled'}.", _PATH)

    def _find(self, search: str) -> Iterator[Person]:
        people = self._desk.entra.tenant.people
        exact = people.find(search)
        if exact is not None:
            yield exact
        words = search.casefold().split()
        for person in islice(people, _SEARCHED):
            text = (
                f"{person.display_name} {person.user_principal_name} {person.job_title} "
                f"{person.department} {person.city}"
            ).casefold()
            if all(word in text for word in words) and person != exact:
                yield person

    def _signed_in(self, request: Request) -> list[str]:
        session = self._desk.sign_in.find_session(request)
        return list(session.accounts) if session else []

    def _session(self, visit: Visit, signed_in: list[str]) -> str:
        found = (self._desk.entra.tenant.people.find(one) for one in signed_in)
        names = ", ".join(escape(one.display_name) for one in found if one is not None)
        if not names:
            return ""
        return (
            f'<form method="post" action="{_PATH}/sign-out" class="session">{token_field(visit)}'
            f"<p>Signed in in this browser: <strong><bdi>{names}</bdi></strong></p>"
            f"{button('Sign out', f'{_PATH}/sign-out')}</form>"
        )


def _read_start(text: str) -> int:
    return min(int(text), 1_000_000) if text.isascii() and text.isdigit() else 0


def _search(search: str) -> str:
    return f"""<form class="search" role="search" method="get" action="{_PATH}">
<div><label for="q">Find a person</label>
<input id="q" type="search" name="q" value="{escape(search)}" autocomplete="off"></div>
<button class="action">Search</button></form>"""


def _further(search: str, start: int, more: bool) -> str:
    def link(title: str, to: int) -> str:
        fields = {"q": search, "start": to} if search else {"start": to}
        return f'<a href="{_PATH}?{escape(urlencode(fields))}">{title}</a>'

    links = [link("Previous", max(start - _SHOWN, 0))] if start else []
    links += [link("Next", start + _SHOWN)] if more else []
    return f'<p class="pages">{" ".join(links)}</p>' if links else ""


def _row(person: Person, is_signed_in: bool) -> str:
    name, path = person.display_name, f"{_PATH}/{person.id}"
    states = [badge("Enabled", "good") if person.account_enabled else badge("Disabled", "bad")]
    if is_signed_in:
        states.append(badge("Signed in here"))
    if person.account_enabled:
        actions = button("Sign in as", f"{path}/sign-in", about=name, kind="main")
        actions += button("Disable", f"{path}/disable", about=name)
    else:
        actions = button("Enable", f"{path}/enable", about=name)
    actions += button("Revoke sessions", f"{path}/revoke", about=name)
    place = ", ".join(filter(None, (person.city, person.country)))
    return f"""<tr><td data-title="Name"><div class="who">{avatar(name, person.id)}<div>
<strong dir="auto">{escape(name)}</strong><span>{escape(person.user_principal_name)}</span>
</div></div></td>
<td data-title="Job">{escape(person.job_title)}<span>{escape(person.department)}</span></td>
<td data-title="Place">{escape(place)}<span>{escape(person.iana_time_zone)}</span></td>
<td data-title="State">{" ".join(states)}</td>
<td data-title="Actions"><div class="buttons">{actions}</div></td></tr>"""
