"""What an administrator enters in the Entra admin center for a profile. Pure: it asks nobody.

The command line prints it, the modeler shows it. It holds no secret, only secrets' names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from graphwright.profiles.definition import Profile
from graphwright.profiles.permissions import covers, is_me, least_set, permissions_for
from graphwright.profiles.tokens import Flavour

LOOPBACK_REDIRECT_URL = "http://localhost"


@dataclass(frozen=True, slots=True)
class RedirectUrl:
    """A redirect URL to register, and under which platform."""

    url: str
    platform: str
    purpose: str


@dataclass(frozen=True, slots=True)
class NeededPermission:
    """A permission, the requests that it is for, and whether the profile's scopes ask for it."""

    name: str
    requests: tuple[str, ...]
    covered: bool


@dataclass(frozen=True, slots=True)
class SetupGuide:
    """All that one profile needs at its authorization server.

    A setting that has no value yet stands as `${NAME}`; `missing` names those, and secrets. The
    consent link is None as long as one of them belongs into it.
    """

    profile: str
    title: str
    type: str
    flavour: Flavour
    grant_type: str
    tenant: str
    client_id: str
    secrets: tuple[str, ...]
    redirect_urls: tuple[RedirectUrl, ...]
    permissions: tuple[NeededPermission, ...]
    scopes: tuple[str, ...]
    unknown_requests: tuple[str, ...]
    admin_consent_url: str | None
    notes: tuple[str, ...]
    missing: tuple[str, ...]


def portal_redirect_url(name: str, base_url: str) -> str:
    """The redirect URL of a profile in the portal."""
    return f"{base_url.rstrip('/')}/auth/callback/{quote(name, safe='')}"


def describe_setup(
    name: str,
    profile: Profile,
    base_url: str,
    requests: Iterable[tuple[str, str]] = (),
    missing: Iterable[str] = (),
) -> SetupGuide:
    """The guide of a profile, resolved as far as its settings are set.

    `requests`: (method, URL or path) of those sent with it; `missing`: settings and secrets that are
    set nowhere.
    """
    asked = list(dict.fromkeys((method.upper(), url) for method, url in requests))
    registration = profile.registration()
    needed, unknown = _needed(asked, profile.flavour, registration.scopes)
    return SetupGuide(
        profile=name,
        title=profile.title or name,
        type=profile.type,
        flavour=profile.flavour,
        grant_type=profile.grant_type,
        tenant=registration.tenant,
        client_id=registration.client_id,
        secrets=tuple(profile.secret_names()),
        redirect_urls=_redirect_urls(name, profile, base_url),
        permissions=needed,
        scopes=registration.scopes,
        unknown_requests=unknown,
        # A link with a setting in it leads nowhere.
        admin_consent_url=None if profile.setting_names() else registration.admin_consent_url,
        notes=tuple(_notes(profile.flavour, asked, needed)),
        missing=tuple(missing),
    )


def _redirect_urls(name: str, profile: Profile, base_url: str) -> tuple[RedirectUrl, ...]:
    if profile.flavour == "application":
        return ()
    # A public client sends no secret, and Entra ID wants one for redirect URLs of the platform Web.
    platform = "Web" if profile.secret_names() else "Mobile and desktop applications"
    return (
        RedirectUrl(portal_redirect_url(name, base_url), platform, "the portal"),
        RedirectUrl(LOOPBACK_REDIRECT_URL, platform, "the command line"),
    )


def _needed(
    requests: Sequence[tuple[str, str]], flavour: Flavour, scopes: Sequence[str]
) -> tuple[tuple[NeededPermission, ...], tuple[str, ...]]:
    needing: dict[str, list[str]] = {}
    unknown = []
    for method, url in requests:
        permissions = permissions_for(method, url, flavour)
        if permissions is None:
            unknown.append(f"{method} {url}")
        for permission in permissions or ():
            needing.setdefault(permission, []).append(f"{method} {url}")
    least: dict[str, list[str]] = {name: [] for name in least_set(needing)}
    for permission, asking in needing.items():
        for name in (name for name in least if covers(name, permission)):
            least[name] += asking
    asked_for = [scope.rsplit("/", 1)[-1] for scope in scopes]
    needed = tuple(
        NeededPermission(
            permission,
            tuple(dict.fromkeys(least[permission])),
            flavour == "application" or any(covers(scope, permission) for scope in asked_for),
        )
        for permission in least
    )
    return needed, tuple(unknown)


def _notes(
    flavour: Flavour, requests: Sequence[tuple[str, str]], needed: Sequence[NeededPermission]
) -> Iterable[str]:
    if flavour == "application":
        yield (
            "Add the permissions as application permissions; an administrator must grant consent."
        )
        if any(is_me(url) for _, url in requests):
            yield "/me does not exist for the application: use /users/{id}."
    missing = [permission.name for permission in needed if not permission.covered]
    if missing:
        yield f"The profile's scopes do not ask for {', '.join(missing)}."
