"""The page that brings the seeded company back.

It must not know what there is to reset.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright_sandbox.entra.parameters import Parameters
from graphwright_sandbox.pages.console.desk import Desk, Done
from graphwright_sandbox.pages.console.frame import (
    BASE,
    Visit,
    button,
    console_page,
    token_field,
)

_PATH = f"{BASE}/reset"


class Reset:
    """``/_sandbox/reset``."""

    def __init__(self, desk: Desk, reset: Callable[[], None]) -> None:
        self._desk = desk
        self._reset = reset

    def routes(self) -> list[Route]:
        return [self._desk.show(_PATH, self.show), self._desk.do(_PATH, self.reset)]

    def show(self, _: Request, visit: Visit) -> Response:
        body = f"""<h1>Reset</h1>
<p class="lead">Everything as it was seeded: people and groups, mail, calendars, files, teams, tasks,
consents, grants, subscriptions, faults, and the list of requests. What applications hold, tokens and
links, may lead nowhere afterwards.</p>
<form method="post" action="{_PATH}">{token_field(visit)}
{button("Reset everything", _PATH, kind="main")}</form>"""
        return console_page(visit, _PATH, "Reset", body)

    def reset(self, _request: Request, _: Parameters) -> Done:
        self._reset()
        return Done("Everything is as it was seeded.", "/")
