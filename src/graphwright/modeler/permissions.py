"""Whether a profile's requests may be sent, by the table of least permissions.

Compares what is needed with the scopes that the profile asks for, and with what an account's token at
hand was granted. Asks no server.
"""

from collections.abc import Collection

from graphwright.http.hosts import canonical_url, is_listed
from graphwright.kernel.errors import GraphwrightError
from graphwright.modeler.accounts import find_account
from graphwright.modeler.wire.tries import PermissionAnswer, PermissionQuestion
from graphwright.profiles.definition import Profile
from graphwright.profiles.permissions import covers, find_operation, is_me
from graphwright.profiles.service import Profiles

_WHATEVER_IS_GRANTED = ".default"


async def check_permissions(profiles: Profiles, asked: PermissionQuestion) -> PermissionAnswer:
    """The answer for one request. Raises where the profile cannot be used."""
    profile = profiles.definition(asked.profile)
    name = profile.title or asked.profile
    if "://" in asked.url and not _is_own_host(asked.url, profile):
        return _unknown(f"The token of {name} must not go to this address.")
    if profile.flavour == "application" and is_me(asked.url):
        return PermissionAnswer(
            known=True,
            needed=[],
            missing=[],
            message=f"/me is the signed-in person, and {name} sends as the application: write "
            "/users/{id}, or choose a profile of users.",
        )
    operation = find_operation(asked.method, asked.url)
    if operation is None:
        return _unknown("The permissions of this request are not known here.")
    needed = operation.permissions(profile.flavour)
    if needed is None:
        who = "a signed-in person" if profile.flavour == "user" else "an application"
        return PermissionAnswer(
            known=True, needed=[], missing=[], message=f"Graph offers this not to {who}."
        )
    if profile.flavour == "application":
        warning = (
            f"An administrator must have granted {', '.join(needed)} to the application."
            if needed
            else ""
        )
        return PermissionAnswer(
            known=True, needed=list(needed), missing=[], message="", warning=warning
        )
    return await _compare(profiles, asked, profile, needed)


async def _compare(
    profiles: Profiles, asked: PermissionQuestion, profile: Profile, needed: Collection[str]
) -> PermissionAnswer:
    scopes = [scope.rsplit("/", 1)[-1] for scope in profile.registration().scopes]
    missing = [] if _WHATEVER_IS_GRANTED in scopes else _lacking(scopes, needed)
    message = f"This profile lacks {', '.join(missing)}." if missing else ""
    warning = ""
    if asked.account is not None:
        known = (await find_account(profiles, asked.account, asked.profile)).account
        granted = await profiles.granted(asked.profile, known.principal_id, known.home_account_id)
        lacking = _lacking([s.rsplit("/", 1)[-1] for s in granted or ()], needed)
        if granted is not None and set(lacking) - set(missing):
            warning = (
                f"{known.username} was not granted {', '.join(lacking)}: sign in again, or ask an "
                "administrator for consent."
            )
    return PermissionAnswer(
        known=True, needed=list(needed), missing=missing, message=message, warning=warning
    )


def _lacking(have: Collection[str], needed: Collection[str]) -> list[str]:
    return [name for name in needed if not any(covers(own, name) for own in have)]


def _is_own_host(url: str, profile: Profile) -> bool:
    try:
        # What stands behind the host may be a template.
        origin = canonical_url("/".join(url.split("/", 3)[:3]))
    except GraphwrightError:
        return False
    return is_listed(origin, profile.hosts())


def _unknown(why: str) -> PermissionAnswer:
    return PermissionAnswer(known=False, needed=[], missing=[], message="", warning=why)
