"""App registrations of the sandbox that runs beside the modeler, put into profiles of the draft.

Knows the ready line of the sandbox, its control address and one of its pages; nothing else of it.
"""

import json
import re
import ssl
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from graphwright.kernel.errors import InvalidInput, NotFound, Unavailable
from graphwright.kernel.settings import SettingMissing, Settings
from graphwright.modeler.wire.profiles import SandboxApp, SandboxWire


class SandboxMissing(NotFound):
    """No sandbox runs beside the modeler, or it has no such app registration."""

    code = "sandboxMissing"


class SandboxRefused(Unavailable):
    """The sandbox did not take a redirect URL."""

    code = "sandboxRefused"


def describe_sandbox(ready: Mapping[str, Any]) -> SandboxWire:
    """What the browser gets of a sandbox: no secret."""
    return SandboxWire(login_url=ready["login_url"], apps=list(_apps(ready)))


def requests_url(ready: Mapping[str, Any] | None) -> str | None:
    """The page of a sandbox that tells what it was asked; None where none runs."""
    return None if ready is None else f"{ready['browser_url']}/_sandbox/requests"


def _apps(ready: Mapping[str, Any]) -> Iterator[SandboxApp]:
    for app in ready["app_registrations"]:
        for flavour, key in (
            ("user", "delegated_permissions"),
            ("application", "application_permissions"),
        ):
            permissions = _permissions(app, key)
            # What proves itself by a certificate is of no use to a profile, which has secrets.
            if permissions and (app["client_secret"] is not None or app["public_client"]):
                yield SandboxApp(
                    display_name=app["display_name"],
                    tenant=ready["tenant_id"],
                    client_id=app["client_id"],
                    flavour=flavour,  # type: ignore[arg-type]
                    permissions=permissions,
                )


def _permissions(app: Mapping[str, Any], key: str) -> list[str]:
    """Those of Microsoft Graph; an API of another application is named with its address."""
    return [name for name in app[key] if "/" not in name]


def find_app(ready: Mapping[str, Any] | None, client_id: str) -> Mapping[str, Any]:
    """An app registration; `SandboxMissing`."""
    for app in (ready or {}).get("app_registrations", ()):
        if app["client_id"] == client_id:
            found: Mapping[str, Any] = app
            return found
    raise SandboxMissing(
        "The sandbox has no such app registration." if ready else "No sandbox runs here.",
        hint="Start the modeler with --sandbox." if not ready else "Choose one of its own.",
    )


def fill_in(
    name: str,
    value: dict[str, Any],
    ready: Mapping[str, Any],
    app: Mapping[str, Any],
    settings: Settings,
) -> tuple[dict[str, Any], str | None]:
    """The profile with the ids of an app registration, and the name its secret is to be stored under.

    What already leads there by settings stays as it is, and so does a secret that is set.
    """
    is_user = value.get("grant_type") != "client_credentials"
    permissions = _permissions(
        app, "delegated_permissions" if is_user else "application_permissions"
    )
    if not permissions:
        raise InvalidInput(
            "This app registration has no permissions of the profile's flavour.",
            hint="Choose another one, or change the profile's grant type.",
        )
    filled = dict(value)
    for key, wanted in (("tenant", ready["tenant_id"]), ("client_id", app["client_id"])):
        if _resolved(filled.get(key), settings) != wanted:
            filled[key] = wanted
    if is_user and not filled.get("scopes"):
        filled["scopes"] = list(permissions)
    secret = app["client_secret"]
    if secret is None:
        filled.pop("client_secret", None)
        return filled, None
    reference = filled.get("client_secret")
    named = reference.get("secret") if isinstance(reference, dict) else None
    if isinstance(named, str) and settings.get(named) == secret:
        return filled, None
    own = re.sub(r"[^A-Z0-9]", "_", name.upper()) + "_CLIENT_SECRET"
    for candidate in (named, own, f"SANDBOX_{own}"):
        # What the environment or `.env` sets goes before the store.
        if isinstance(candidate, str) and candidate and not settings.get(candidate):
            filled["client_secret"] = {"secret": candidate}
            return filled, candidate
    raise InvalidInput(f"The environment sets {own} to something else.", hint="Unset it.")


def _resolved(text: object, settings: Settings) -> str | None:
    try:
        return settings.interpolate(text) if isinstance(text, str) else None
    except SettingMissing:
        return None


def register_redirect_url(ready: Mapping[str, Any], client_id: str, url: str) -> None:
    """Has the sandbox take a redirect URL, as an administrator would. Blocks; `SandboxRefused`."""
    request = Request(  # noqa: S310 - the sandbox's own address, which its starter gave
        f"{ready['login_url']}/_sandbox/control/register-redirect-uri",
        data=json.dumps({"client_id": client_id, "redirect_uri": url}).encode(),
        headers={
            "authorization": f"Bearer {ready['control_key']}",
            "content-type": "application/json",
        },
        method="POST",
    )
    try:
        # No proxy stands between two programs of one machine.
        trust = HTTPSHandler(context=ssl.create_default_context(cafile=ready["ca_file"]))
        with build_opener(ProxyHandler({}), trust).open(request, timeout=5):
            pass
    except (URLError, OSError):
        raise SandboxRefused(
            "The sandbox did not take the redirect URL.", hint="Does it still run?"
        ) from None
