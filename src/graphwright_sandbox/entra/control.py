"""The control API: what a test may do to the tenant that no client may.

Each call needs the key that the sandbox drew at its start. It must not know pages.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphwright_sandbox.control import (
    CONTROL_PATH,
    BadControlRequest,
    Operation,
    guard,
    read_object,
)
from graphwright_sandbox.entra.errors import EntraError
from graphwright_sandbox.entra.redirects import is_registrable
from graphwright_sandbox.entra.service import Entra

_MAX_OFFSET_SECONDS = 10 * 365 * 86_400


class Control:
    """``/_sandbox/control/…``: POST with a JSON object and the key as bearer token."""

    def __init__(self, entra: Entra) -> None:
        self._entra = entra

    def routes(self) -> list[Route]:
        operations = {
            "revoke-grants": self._revoke_grants,
            "revoke-access": self._revoke_access,
            "set-account": self._set_account,
            "rotate-keys": self._rotate_keys,
            "set-clock": self._set_clock,
            "issue-token": self._issue_token,
            "register-redirect-uri": self._register_redirect_uri,
        }
        return [
            Route(f"{CONTROL_PATH}/{name}", self._handler(operation), methods=["POST"])
            for name, operation in operations.items()
        ]

    def _handler(self, operation: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Operation:
        async def handle(request: Request) -> Response:
            try:
                answer = operation(await read_object(request))
            except (EntraError, LookupError) as error:
                raise BadControlRequest(str(error)) from error
            return Response(status_code=204) if answer is None else JSONResponse(answer)

        return guard(self._entra.control_key, handle)

    def _revoke_grants(self, body: dict[str, Any]) -> None:
        directory = self._entra.directory
        directory.revoke_grants(directory.get_person(_get(body, "user", str)))

    def _revoke_access(self, body: dict[str, Any]) -> None:
        directory = self._entra.directory
        directory.revoke_access(directory.get_person(_get(body, "user", str)))

    def _set_account(self, body: dict[str, Any]) -> None:
        directory = self._entra.directory
        person = directory.get_person(_get(body, "user", str))
        directory.set_enabled(person, _get(body, "enabled", bool))

    def _rotate_keys(self, _: dict[str, Any]) -> None:
        self._entra.keys.rotate()

    def _set_clock(self, body: dict[str, Any]) -> None:
        seconds = _get(body, "offset_seconds", int)
        if abs(seconds) > _MAX_OFFSET_SECONDS:
            raise BadControlRequest("'offset_seconds' is more than ten years")
        self._entra.clock.offset = timedelta(seconds=seconds)

    def _issue_token(self, body: dict[str, Any]) -> dict[str, Any]:
        app = self._entra.directory.find_app_by_name(_get(body, "app", str))
        user = _get(body, "user", str) if "user" in body else None
        permissions = _get(body, "permissions", str).split() if "permissions" in body else None
        return {"access_token": self._entra.issue_graph_token(app, user, permissions)}

    def _register_redirect_uri(self, body: dict[str, Any]) -> None:
        uri = _get(body, "redirect_uri", str)
        if not is_registrable(uri):
            raise BadControlRequest("'redirect_uri' must be an http or https URL")
        directory = self._entra.directory
        directory.register_redirect_uri(directory.find_app(_get(body, "client_id", str)), uri)


def _get(body: dict[str, Any], name: str, kind: type[Any]) -> Any:
    value = body.get(name)
    # bool is a kind of int in Python, but not in JSON.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise BadControlRequest(f"'{name}' must be a {kind.__name__}")
    return value
