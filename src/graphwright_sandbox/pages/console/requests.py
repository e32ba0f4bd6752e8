"""The request inspector: the list that follows what happens, and one request in detail.

It must not know how requests are kept, and shows nothing that was not masked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import islice
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright_sandbox.entra.parameters import Parameters
from graphwright_sandbox.entra.service import Entra
from graphwright_sandbox.inspector import Exchange
from graphwright_sandbox.masking import mask_query
from graphwright_sandbox.pages.console.desk import Desk, Done
from graphwright_sandbox.pages.console.frame import BASE, Visit, button, console_page, token_field
from graphwright_sandbox.pages.console.request_view import request_view

_PATH = f"{BASE}/requests"
_SHOWN = 200
_STATUSES: dict[str, tuple[str, Callable[[int | None], bool]]] = {
    "": ("Every status", lambda status: True),
    "2": ("Succeeded (2xx)", lambda status: status is not None and status < 300),
    "3": ("Redirected (3xx)", lambda status: status is not None and 300 <= status < 400),
    "4": ("Refused (4xx)", lambda status: status is not None and 400 <= status < 500),
    "5": ("Failed (5xx)", lambda status: status is not None and status >= 500),
    "0": ("No answer", lambda status: status is None),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; an empty field narrows nothing."""

    app: str
    person: str
    status: str
    text: str

    @classmethod
    def of(cls, request: Request) -> Filter:
        query = request.query_params
        status = query.get("status", "")
        return cls(
            query.get("app", "")[:100],
            query.get("person", "")[:100],
            status if status in _STATUSES else "",
            query.get("q", "").strip()[:200],
        )

    def takes(self, exchange: Exchange) -> bool:
        return (
            (not self.app or exchange.app_id == self.app)
            and (not self.person or (exchange.user_id or "-") == self.person)
            and _STATUSES[self.status][1](exchange.status)
            and (not self.text or self.text.casefold() in _text_of(exchange))
        )


class Requests:
    """``/_sandbox/requests``."""

    def __init__(self, desk: Desk, ca_file: str) -> None:
        self._desk = desk
        self._ca_file = ca_file

    def routes(self) -> list[Route]:
        return [
            self._desk.show(_PATH, self.show_all),
            Route(f"{_PATH}/rows", self.show_rows, methods=["GET"]),
            self._desk.do(f"{_PATH}/clear", self.clear),
            self._desk.show(f"{_PATH}/{{number:int}}", self.show_one),
        ]

    def show_all(self, request: Request, visit: Visit) -> Response:
        wanted = Filter.of(request)
        query = f"?{request.url.query}" if request.url.query else ""
        body = f"""<h1>Requests</h1>
<p class="lead">What applications sent to Entra ID and Microsoft Graph, as whom, what came back and
why. Tokens, secrets and codes are never shown.</p>
{self._form(wanted)}
<div data-live="{_PATH}/rows{escape(query)}">{self._rows(wanted)}</div>
<form method="post" action="{_PATH}/clear">{token_field(visit)}<div class="buttons">
{button("Clear the list", f"{_PATH}/clear")}</div></form>"""
        return console_page(visit, _PATH, "Requests", body, wide=True)

    async def show_rows(self, request: Request) -> Response:
        """The list alone, for a page that follows; 304 where nothing happened."""
        tag = f'"{self._desk.inspector.version}"'
        headers = {"ETag": tag, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        rows = self._rows(Filter.of(request))
        return Response(rows, media_type="text/html", headers=headers)

    def show_one(self, request: Request, visit: Visit) -> Response:
        exchange = self._desk.inspector.find(request.path_params["number"])
        if exchange is None:
            return self._desk.refuse(request, "This request is no longer kept.", status=404)
        title = f"{exchange.method} {exchange.path}"
        names = Names(self._desk.entra)
        body = request_view(
            exchange,
            app=names.app(exchange),
            person=names.person(exchange),
            ca_file=self._ca_file,
        )
        crumbs = f'<p class="crumbs"><a href="{_PATH}">Requests</a></p>'
        return console_page(visit, _PATH, title, crumbs + body, wide=True)

    def clear(self, _request: Request, _: Parameters) -> Done:
        self._desk.inspector.clear()
        return Done("The list is empty.", _PATH)

    def _rows(self, wanted: Filter) -> str:
        names = Names(self._desk.entra)
        latest = reversed(tuple(self._desk.inspector))
        shown = islice((one for one in latest if wanted.takes(one)), _SHOWN)
        rows = "".join(_row(one, names) for one in shown)
        if not rows:
            return "<p>Nothing here yet. Let an application call the sandbox.</p>"
        return f"""<div class="scroll"><table class="cards requests"><thead><tr>
<th scope="col">Time</th><th scope="col">Request</th><th scope="col">Status</th>
<th scope="col">Application</th><th scope="col">As</th><th scope="col">Permission</th>
<th scope="col">ms</th></tr></thead><tbody>{rows}</tbody></table></div>"""

    def _form(self, wanted: Filter) -> str:
        names = Names(self._desk.entra)
        exchanges = tuple(self._desk.inspector)
        apps = {one.app_id: names.app(one) for one in exchanges if one.app_id}
        people = {one.user_id: names.person(one) for one in exchanges if one.user_id}
        statuses = {key: title for key, (title, _) in _STATUSES.items()}
        return f"""<form class="search" role="search" method="get" action="{_PATH}">
{_select("app", "Application", {"": "Every application", **apps}, wanted.app)}
{_select("person", "As", {"": "Everybody", "-": "Nobody (the application)", **people}, wanted.person)}
{_select("status", "Status", statuses, wanted.status)}
<div><label for="q">Path, code or reason</label>
<input id="q" type="search" name="q" value="{escape(wanted.text)}" autocomplete="off"></div>
<button class="action">Filter</button>
<label class="live" hidden><input type="checkbox" id="follow" checked> Live</label></form>"""


class Names:
    """What ids in exchanges are called."""

    def __init__(self, entra: Entra) -> None:
        self._apps = {app.app_id: app.display_name for app in entra.directory.apps}
        self._find = entra.tenant.people.find

    def app(self, exchange: Exchange) -> str:
        return self._apps.get(exchange.app_id or "", exchange.app_id or "")

    def person(self, exchange: Exchange) -> str:
        person = self._find(exchange.user_id) if exchange.user_id else None
        return person.display_name if person else exchange.user_id or ""


_IDS = (b"request-id", b"client-request-id")
"""Headers by which an application's log names a request."""


def _text_of(exchange: Exchange) -> str:
    parts: Iterator[str | None] = iter(
        (
            exchange.method,
            unquote(exchange.path),
            mask_query(unquote(exchange.query)),
            exchange.code,
            exchange.reason,
            exchange.granted,
            *(value.decode("latin-1") for name, value in exchange.response_headers if name in _IDS),
            *exchange.notes,
            *(f"{part.path} {part.code or ''}" for part in exchange.parts),
        )
    )
    return " ".join(filter(None, parts)).casefold()


def _select(name: str, label: str, options: dict[str, str], chosen: str) -> str:
    items = "".join(
        f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(title)}</option>'
        for key, title in options.items()
    )
    return (
        f'<div><label for="{name}">{label}</label>'
        f'<select id="{name}" name="{name}">{items}</select></div>'
    )


def _row(exchange: Exchange, names: Names) -> str:
    status = "…" if exchange.status is None else str(exchange.status)
    tone = "none" if exchange.status is None else f"s{exchange.status // 100}"
    query = mask_query(exchange.query)
    reason = f"<span>{escape(exchange.code)}</span>" if exchange.code else ""
    notes = "".join(f"<span>{escape(note)}</span>" for note in exchange.notes)
    time = f"{exchange.at:%H:%M:%S}" if exchange.at else ""
    taken = "" if exchange.milliseconds is None else f"{exchange.milliseconds:.1f}"
    app, person = names.app(exchange), names.person(exchange)
    who = f"<bdi>{escape(person)}</bdi>"
    if not person and exchange.wanted is not None:
        who = "<span>the application</span>"
    return f"""<tr><td data-title="Time">{time}</td><td data-title="Request" class="path">
<a id="r{exchange.number}" href="{_PATH}/{exchange.number}"><b>{escape(exchange.method)}</b>
{escape(unquote(exchange.path))}</a>{f"<span>?{escape(query)}</span>" if query else ""}</td>
<td data-title="Status"><span class="badge {tone}">{status}</span>{reason}{notes}</td>
<td data-title="Application">{escape(app)}</td><td data-title="As">{who}</td>
<td data-title="Permission"><code>{escape(exchange.granted or "")}</code></td>
<td data-title="ms">{taken}</td></tr>"""
