"""The fault switchboard: what goes wrong on purpose, ready faults to add, rules of one's own.

It must not know how a fault is carried out.
"""

from __future__ import annotations

from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright_sandbox.entra.parameters import Parameters
from graphwright_sandbox.faults.kinds import KINDS
from graphwright_sandbox.faults.notation import FaultInvalid, parse_fault
from graphwright_sandbox.faults.plan import FaultPlan, FaultRule
from graphwright_sandbox.pages.console.desk import Desk, Done
from graphwright_sandbox.pages.console.frame import (
    BASE,
    Visit,
    badge,
    button,
    console_page,
    token_field,
)

_PATH = f"{BASE}/faults"
_MAXIMUM_RULES = 100
PRESETS = {
    "Throttled": (".*: 429 retry-after=2 times=3", "The next three requests: 429, wait 2 seconds"),
    "Unavailable": (".*: 503 retry-after=5", "The next request: 503, wait 5 seconds"),
    "Every third fails": (".*: 500 every=3", "Every third request: 500, until switched off"),
    "Slow": (".*: delay seconds=3 times=always", "Every answer is 3 seconds late"),
    "Silent": (".*: silence", "The next request gets no byte at all"),
    "Connection reset": (".*: reset", "The next connection is reset before anything is done"),
    "Written, then reset": (
        "POST .*: committed-reset",
        "The next POST is carried out, its answer never comes",
    ),
    "Cut off": ("GET .*: truncated", "The next answer ends in the middle"),
    "Not JSON": ("GET .*: invalid-json", "The next answer cannot be parsed"),
    "Error in a 200": (".*: error-in-200", "The next answer succeeds by its status only"),
    "Token expired": (".*: expired-token", "401 although the token is good"),
    "Claims challenge": (".*: claims-challenge", "401: the session was revoked (CAE)"),
    "Delta expired": (".*: expired-delta", "The next delta token is too old: 410"),
    "Paging for ever": ("GET .*: next-loop", "The nextLink leads to the same page, always"),
    "Foreign nextLink": ("GET .*: next-host", "The next nextLink leads to another host"),
    "Items twice": ("GET .*: repeated-items", "The next page has every item twice"),
    "Item without id": ("GET .*: missing-id", "The first item of the next page has no id"),
    "Notification twice": (
        ".*: duplicate-notification",
        "The next change notification is delivered twice",
    ),
}
"""Ready faults: a name, the line that makes the rule, and what it does."""


class Faults:
    """``/_sandbox/faults``."""

    def __init__(self, desk: Desk, plan: FaultPlan) -> None:
        self._desk = desk
        self._plan = plan

    def routes(self) -> list[Route]:
        return [
            self._desk.show(_PATH, self.show),
            self._desk.do(_PATH, self.add),
            self._desk.do(f"{_PATH}/clear", self.clear),
            self._desk.do(f"{_PATH}/{{id}}/remove", self.remove),
        ]

    def show(self, _: Request, visit: Visit) -> Response:
        body = f"""<h1>Faults</h1>
<p class="lead">What Microsoft Graph does wrong on purpose, so that an application can show what it
makes of it. The first rule that matches a request is used.</p>
<section class="card"><h2>Switched on</h2>{self._rules(visit)}</section>
<section class="card"><h2>Ready faults</h2><form method="post" action="{_PATH}">
{token_field(visit)}<ul class="tiles small">{"".join(map(_preset, PRESETS))}</ul></form></section>
<section class="card"><h2>A rule of your own</h2>{_own(visit)}</section>"""
        return console_page(visit, _PATH, "Faults", body, wide=True)

    def add(self, request: Request, parameters: Parameters) -> Done | Response:
        line = parameters.get("line", "")
        if len(self._plan.rules) >= _MAXIMUM_RULES:
            return self._desk.refuse(request, f"There are {_MAXIMUM_RULES} rules already.")
        try:
            rule = self._plan.add(parse_fault(line))
        except FaultInvalid as error:
            return self._desk.refuse(request, str(error))
        return Done(f"Switched on: {rule.title}.", _PATH)

    def remove(self, request: Request, _: Parameters) -> Done | Response:
        if not self._plan.remove(request.path_params["id"]):
            return self._desk.refuse(request, "There is no such fault any more.", status=404)
        return Done("Switched off.", _PATH)

    def clear(self, _request: Request, _: Parameters) -> Done:
        self._plan.clear()
        return Done("Nothing goes wrong on purpose any more.", _PATH)

    def _rules(self, visit: Visit) -> str:
        if not self._plan.rules:
            return "<p>Nothing goes wrong on purpose.</p>"
        rows = "".join(map(_row, self._plan.rules))
        return f"""<form method="post" action="{_PATH}/clear">{token_field(visit)}
<div class="scroll"><table class="cards"><thead><tr><th scope="col">What happens</th>
<th scope="col">To which requests</th><th scope="col">How often</th><th scope="col">Happened</th>
<th scope="col">Actions</th></tr></thead><tbody>{rows}</tbody></table></div>
<div class="buttons">{button("Switch all off", f"{_PATH}/clear")}</div></form>"""


def _preset(name: str) -> str:
    line, what = PRESETS[name]
    return (
        f'<li><button class="tile" name="line" value="{escape(line)}">{escape(name)}'
        f"<span>{escape(what)}</span></button></li>"
    )


def _own(visit: Visit) -> str:
    kinds = "".join(
        f"<li><code>{escape(kind.name)}</code> {escape(kind.title)}"
        f"{_parameters(kind.parameters)}</li>"
        for kind in KINDS.values()
        if kind.name != "status"
    )
    return f"""<form method="post" action="{_PATH}" class="search">{token_field(visit)}
<div class="grow"><label for="line">Method, path as a regular expression, fault, options</label>
<input id="line" type="text" name="line" required maxlength="1000" autocomplete="off"
 spellcheck="false" placeholder="GET /me/messages: 429 retry-after=2 times=3"></div>
<button class="action">Switch on</button></form>
<details><summary>Faults and options</summary>
<p>A status from 200 to 599, or one of these. Each takes <code>times</code> (a number or
<code>always</code>), <code>after</code>, <code>every</code> and <code>probability</code>.</p>
<ul class="lines">{kinds}</ul></details>"""


def _parameters(names: tuple[str, ...]) -> str:
    return f" ({', '.join(f'<code>{escape(name)}</code>' for name in names)})" if names else ""


def _row(rule: FaultRule) -> str:
    told = rule.describe()
    state = badge("done") if rule.exhausted else badge("on", "warn")
    return f"""<tr><td data-title="What happens">{escape(rule.title)} {state}
<span>{escape(_options(told))}</span></td>
<td data-title="To which requests"><code>{escape(rule.method or "")} {escape(rule.path)}</code></td>
<td data-title="How often">{escape(_how_often(rule))}</td>
<td data-title="Happened">{rule.hits} of {rule.seen}</td><td data-title="Actions">
<div class="buttons">{button("Switch off", f"{_PATH}/{rule.id}/remove", about=rule.title)}</div>
</td></tr>"""


def _options(told: dict[str, Any]) -> str:
    return ", ".join(
        f"{name} {told[name]}"
        for name in ("retry-after", "seconds", "size", "to", "committed")
        if told.get(name)
    )


def _how_often(rule: FaultRule) -> str:
    parts = ["always" if rule.times is None else f"{rule.times} ×"]
    if rule.after:
        parts.append(f"after the first {rule.after}")
    if rule.every > 1:
        parts.append(f"every {rule.every}.")
    if rule.probability < 1:
        parts.append(f"with probability {rule.probability:g}")
    return ", ".join(parts)
