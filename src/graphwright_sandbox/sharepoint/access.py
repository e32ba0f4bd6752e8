"""Who may do what on a site and with a file: membership, sharing, and what applications may.

The permission of the operation itself was checked before; here it is about whose data it is.
"""

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum

from graphwright_sandbox.sharepoint.errors import access_denied
from graphwright_sandbox.sharepoint.models import Grant, Item, ListData, Site
from graphwright_sandbox.tenant import Caller, Tenant

_ROLES = {"read": 1, "write": 2, "fullcontrol": 3, "manage": 3, "owner": 3}


class Level(IntEnum):
    """What somebody may do; each includes those before."""

    NONE = 0
    READ = 1
    WRITE = 2
    OWN = 3


class Access:
    """Decides for one tenant."""

    def __init__(self, tenant: Tenant, clock: Callable[[], datetime]) -> None:
        self._tenant = tenant
        self._clock = clock

    def level(
        self, caller: Caller, site: Site, library: ListData | None = None, item: Item | None = None
    ) -> Level:
        """What the caller may do with a site, or with one file on it."""
        if caller.user_id is None:
            return self._of_application(caller, site)
        if site.person == caller.user_id:
            return Level.OWN
        # Files.Read and Files.ReadWrite stand for the caller's own files alone.
        most = _most(caller)
        level = self._of_member(caller.user_id, site)
        if library is not None and item is not None:
            for one in (item, *library.ancestors(item)):
                for grant in one.grants:
                    if self._reaches(grant, caller.user_id):
                        level = max(level, _of_roles(grant.roles))
        return min(level, most)

    def check(
        self,
        caller: Caller,
        site: Site,
        wanted: Level,
        library: ListData | None = None,
        item: Item | None = None,
    ) -> None:
        """Refuses a caller who may do less than wanted."""
        if self.level(caller, site, library, item) < wanted:
            raise access_denied()

    def _of_application(self, caller: Caller, site: Site) -> Level:
        level = _most(caller)
        for grant in site.grants:
            if any(one.get("application", {}).get("id") == caller.app_id for one in grant.granted):
                level = max(level, _of_roles(grant.roles))
        return level

    def _of_member(self, person: str, site: Site) -> Level:
        if site.person is not None:
            return Level.NONE
        if site.group is None:
            # The intranet: everybody in the tenant contributes.
            return Level.WRITE
        group = self._tenant.groups.find(site.group)
        if group is None:
            return Level.NONE
        if person in group.owners:
            return Level.OWN
        if person in self._tenant.groups.inside(group.id):
            return Level.WRITE
        return Level.READ if group.visibility == "Public" else Level.NONE

    def _reaches(self, grant: Grant, person: str) -> bool:
        if grant.expires is not None and grant.expires <= self._clock():
            return False
        return any(one.get("user", {}).get("id") == person for one in grant.granted)


def _most(caller: Caller) -> Level:
    """What the permissions for all files and sites allow, whoever the caller is."""
    broad = [
        one
        for one in caller.permissions
        if one.startswith(("Files.", "Sites.")) and one.endswith(".All")
    ]
    if any(word in one for one in broad for word in ("Write", "Manage", "FullControl")):
        return Level.OWN
    return Level.READ if broad else Level.NONE


def _of_roles(roles: list[str]) -> Level:
    return Level(max((_ROLES.get(role.lower(), 0) for role in roles), default=0))
