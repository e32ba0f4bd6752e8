"""Who may run a flow: closed by default. Pure; checked at the start and at every step and its rows."""

from collections.abc import Iterator

from graphwright.application.definition import AppDefinition
from graphwright.flows.definition import Access, RolesAccess
from graphwright.kernel.errors import SignInRequired
from graphwright.portal.errors import AccessRefused
from graphwright.profiles.principals import Principal
from graphwright.web.errors import SessionExpired


def roles_of(app: AppDefinition, principal: Principal) -> Iterator[str]:
    """The roles a principal has: those that list the user principal name."""
    username = principal.username.casefold()
    for name, role in app.roles.items():
        if username in (user.casefold() for user in role.users):
            yield name


def check_access(
    app: AppDefinition, access: Access, principal: Principal | None, *, expired: bool = False
) -> None:
    """Raises `SignInRequired`, `SessionExpired` or `AccessRefused` unless access is given."""
    if access == "public":
        return
    if principal is None:
        if expired:
            raise SessionExpired("Your session has ended.", hint="Sign in to go on.")
        raise SignInRequired("You are not signed in.", hint="Sign in to go on.")
    if isinstance(access, RolesAccess) and not set(access.roles) & set(roles_of(app, principal)):
        raise AccessRefused(
            "You may not open this.",
            hint="Ask the person who runs this application for the role it needs.",
        )


def has_access(app: AppDefinition, access: Access, principal: Principal | None) -> bool:
    """Whether `check_access` would pass."""
    try:
        check_access(app, access, principal)
    except (SignInRequired, AccessRefused):
        return False
    return True
