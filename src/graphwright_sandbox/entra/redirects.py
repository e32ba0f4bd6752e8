"""Redirect URIs: which may be used, and how an answer travels back through one.

It must not know what the answer says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit

from starlette.responses import RedirectResponse, Response

from graphwright_sandbox.entra.errors import EntraError, ErrorReport
from graphwright_sandbox.pages.form_post import form_post_page
from graphwright_sandbox.tenant import AppRegistration

RESPONSE_MODES = ("query", "fragment", "form_post")
_LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class RedirectTarget:
    """A checked redirect URI, the way back, and the client's ``state``."""

    uri: str
    response_mode: str
    state: str | None

    @property
    def description(self) -> str:
        """Where the browser goes when all is done."""
        return self.uri

    def respond(self, answer: Mapping[str, str | None]) -> Response:
        """Send the browser back with an answer."""
        fields = {name: value for name, value in answer.items() if value is not None}
        if self.state is not None:
            fields["state"] = self.state
        if self.response_mode == "form_post":
            return form_post_page(self.uri, fields)
        encoded = urlencode(fields)
        if self.response_mode == "fragment":
            location = f"{self.uri}#{encoded}"
        else:
            location = f"{self.uri}{'&' if urlsplit(self.uri).query else '?'}{encoded}"
        # RedirectResponse quotes what may not stand in an address and keeps what is quoted.
        return RedirectResponse(location, status_code=302, headers={"Cache-Control": "no-store"})

    def respond_error(self, report: ErrorReport) -> Response:
        """Send the browser back with an error."""
        return self.respond(
            {
                "error": report.cause.error,
                "error_description": report.description,
                "error_uri": report.error_uri,
                "error_subcode": "cancel" if report.cause.code == 65004 else None,
            }
        )


def match_redirect_uri(app: AppRegistration, redirect_uri: str | None) -> str:
    """The redirect URI to use; AADSTS50011 where it is not registered."""
    if not app.redirect_uris:
        raise EntraError(500113)
    if redirect_uri is None:
        if len(app.redirect_uris) > 1:
            raise EntraError(900144, field="redirect_uri")
        return app.redirect_uris[0]
    if "#" not in redirect_uri and redirect_uri.isprintable() and " " not in redirect_uri:
        if redirect_uri in app.redirect_uris:
            return redirect_uri
        for registered in app.redirect_uris:
            if _any_port(app, registered) and _equal_but_for_port(registered, redirect_uri):
                return redirect_uri
    raise EntraError(50011, redirect_uri=redirect_uri[:500], app_id=app.app_id)


def is_registrable(address: str) -> bool:
    """Whether an address may be registered as a redirect URI: http or https, with a host."""
    parts = _split(address)
    return (
        parts is not None
        and parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and len(address) <= 500
        and address.isprintable()
        and not any(character in address for character in " #\\")
    )


def is_own_address(app: AppRegistration, address: str) -> bool:
    """Whether an address has the origin of one of the application's redirect URIs."""
    origin = _origin(address)
    if origin is None:
        return False
    for registered in app.redirect_uris:
        if _origin(registered) == origin:
            return True
        if _any_port(app, registered) and _is_loopback(_split(address)):
            return True
    return False


def _any_port(app: AppRegistration, registered: str) -> bool:
    """Whether a registered address stands for every port of the loopback.

    Entra ID ignores the port of every loopback address. Here a confidential client's address with
    a port means that port, so that a portal on a port nobody registered is found out early.
    """
    parts = _split(registered)
    if parts is None or not _is_loopback(parts):
        return False
    return app.public_client or parts.port is None


def _equal_but_for_port(registered: str, sent: str) -> bool:
    """RFC 8252, section 7.3: a native application listens on whatever port is free."""
    left, right = _split(registered), _split(sent)
    if left is None or right is None or not (_is_loopback(left) and _is_loopback(right)):
        return False
    if "@" in right.netloc:
        return False
    paths = (left.path.rstrip("/"), right.path.rstrip("/"))
    return left.hostname == right.hostname and paths[0] == paths[1] and left.query == right.query


def _is_loopback(parts: SplitResult | None) -> bool:
    return parts is not None and parts.scheme == "http" and parts.hostname in _LOOPBACK_HOSTS


def _origin(address: str) -> tuple[str, str, int | None] | None:
    parts = _split(address)
    if parts is None or not parts.hostname or "@" in parts.netloc or "\\" in address:
        return None
    return parts.scheme, parts.hostname, parts.port


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError:
        return None
    return parts
