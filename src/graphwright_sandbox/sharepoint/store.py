"""All sites of the tenant: found by id and by path, made when first looked at.

Knows who has which site, and no HTTP; what a site holds at first is told by `seed`.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.groups import Group
from graphwright_sandbox.sharepoint.access import Access
from graphwright_sandbox.sharepoint.errors import item_not_found
from graphwright_sandbox.sharepoint.identities import person_identity, personal_name
from graphwright_sandbox.sharepoint.models import (
    Identity,
    Item,
    ListData,
    Site,
    derive_guid,
    read_drive_id,
)
from graphwright_sandbox.sharepoint.seed import Seed
from graphwright_sandbox.tenant import Caller, Person


class SharePoint:
    """The sites of one tenant. `create_sharepoint` gives the one that all workloads share."""

    def __init__(self, context: GraphContext) -> None:
        self.context = context
        self.access = Access(context.tenant, context.clock)
        name = context.tenant.domain.partition(".")[0]
        self.host = f"{name}.sharepoint.com"
        self.personal_host = f"{name}-my.sharepoint.com"
        self._seed = Seed(context, self.host, self.personal_host)
        self._sites: dict[str, Site] = {}
        self.followed: dict[str, list[str]] = {}
        """Which sites somebody follows, by their ids, where that was changed."""
        self._archive = derive_guid("archive", context.tenant.id)
        context.state.add("sharepoint", self._dump, self._load)

    def root(self) -> Site:
        """The root site of the tenant."""
        identifier = derive_guid("root", self.context.tenant.id)
        if identifier not in self._sites:
            self._sites[identifier] = self._seed.root_site(identifier)
        return self._sites[identifier]

    def archive(self) -> Site:
        """The site below the root."""
        if self._archive not in self._sites:
            self._sites[self._archive] = self._seed.archive_site(self._archive, self.root())
        return self._sites[self._archive]

    def of_group(self, group: Group) -> Site:
        """The team site of a Microsoft 365 group."""
        if not group.unified:
            raise item_not_found("Resource not found.")
        if group.id not in self._sites:
            self._sites[group.id] = self._seed.team_site(group)
        return self._sites[group.id]

    def of_person(self, person: Person) -> Site:
        """The personal site of somebody, whose documents are their OneDrive."""
        if person.id not in self._sites:
            self._sites[person.id] = self._seed.personal_site(person)
        return self._sites[person.id]

    def team_sites(self) -> Iterator[Site]:
        """The root, the site below it, and the sites of all groups."""
        yield self.root()
        yield self.archive()
        for group in self.context.tenant.groups:
            if group.unified:
                yield self.of_group(group)

    def find_site(self, identifier: str) -> Site:
        """The site of an id: `root`, a host, `host,collection,web`, or one of the two GUIDs."""
        lowered = identifier.lower()
        if lowered in ("root", self.host, ""):
            return self.root()
        parts = lowered.split(",")
        if len(parts) == 3 and parts[0] not in (self.host, self.personal_host):
            raise item_not_found("Requested site could not be found")
        site = self._of_web(parts[-1])
        if site is None and len(parts) == 1:
            site = next((one for one in self.team_sites() if one.collection == lowered), None)
        if site is None or (len(parts) > 1 and parts[-2] != site.collection):
            raise item_not_found("Requested site could not be found")
        return site

    def find_by_path(self, host: str, path: str) -> Site:
        """The site of a server-relative path on a host (an id of a site stands for its host)."""
        wanted = "/" + path.strip("/").lower()
        name = host.lower().partition(",")[0]
        if name == self.personal_host:
            owner = wanted.removeprefix("/personal/")
            for person in self.context.tenant.people.company:
                if personal_name(person) == owner:
                    return self.of_person(person)
            for site in self._sites.values():
                if site.person is not None and site.path == wanted:
                    return site
        elif name in (self.host, "root") and wanted == "/":
            return self.root()
        elif name in (self.host, "root"):
            for site in self.team_sites():
                if site.path.lower() == wanted:
                    return site
        raise item_not_found("Requested site could not be found")

    def _of_web(self, web: str) -> Site | None:
        if web == derive_guid("root", self.context.tenant.id):
            return self.root()
        if web == self._archive:
            return self.archive()
        group = self.context.tenant.groups.find(web)
        if group is not None and group.id == web and group.unified:
            return self.of_group(group)
        person = self.context.tenant.people.find(web)
        return self.of_person(person) if person is not None and person.id == web else None

    def find_drive(self, identifier: str) -> tuple[Site, ListData]:
        """The library of a drive's id, and its site."""
        parts = read_drive_id(identifier)
        site = self._of_web(parts[0]) if parts else None
        library = site.lists.get(parts[1]) if site and parts else None
        if site is None or library is None or library.drive != identifier:
            raise item_not_found("The drive could not be found.")
        return site, library

    def find_list(self, site: Site, identifier: str) -> ListData:
        """The list of an id, a name or a title."""
        folded = identifier.casefold()
        found = site.lists.get(folded)
        for one in site.lists.values():
            if found is None and folded in (one.name.casefold(), one.display_name.casefold()):
                found = one
        if found is None:
            raise item_not_found("The specified list was not found")
        return found

    def find_library(self, site: Site, identifier: str) -> ListData:
        """The same, where it is a document library."""
        found = self.find_list(site, identifier)
        if not found.is_library:
            raise item_not_found("The list is no document library.")
        return found

    def libraries(self) -> Iterator[tuple[Site, ListData]]:
        """All libraries, of personal sites those that were looked at."""
        sites = {site.id: site for site in (*self.team_sites(), *self._sites.values())}
        for site in sites.values():
            for data in site.lists.values():
                if data.is_library:
                    yield site, data

    def actor(self, caller: Caller) -> Identity:
        """The caller as the one who made something."""
        person = self.context.find_person(caller.user_id) if caller.user_id else None
        if person is not None:
            return person_identity(person)
        return {"application": {"id": caller.app_id, "displayName": self.app_name(caller)}}

    def app_name(self, caller: Caller) -> str:
        """What the caller's application is called."""
        apps = self.context.tenant.app_registrations
        return next((one.display_name for one in apps if one.app_id == caller.app_id), "")

    def record_item(self, site: Site, library: ListData, item: Item, kind: Any) -> None:
        """Tells of a write to a file or folder, as both a file and a row of its list."""
        self.context.changes.record(
            f"drives/{library.drive}", item.id, kind, resource=f"drives/{library.drive}/root"
        )
        self.record_row(site, library, item.number, kind)

    def record_row(self, site: Site, target: ListData, number: int, kind: Any) -> None:
        """Tells of a write to a row of a list."""
        resource = f"sites/{site.full_id}/lists/{target.id}"
        self.context.changes.record(f"{resource}/items", str(number), kind, resource=resource)

    def followed_by(self, person: Person) -> list[Site]:
        """The sites somebody follows: at first those of their groups."""
        if person.id not in self.followed:
            groups = [one for one in self.context.tenant.groups.of(person.id) if one.unified]
            self.followed[person.id] = [one.id for one in groups]
        found = (self._of_web(one) for one in self.followed[person.id])
        return [site for site in found if site is not None]

    def _dump(self) -> Any:
        return msgspec.to_builtins({"sites": self._sites, "followed": self.followed}, str_keys=True)

    def _load(self, value: Any) -> None:
        kept = value or {}
        self._sites = msgspec.convert(kept.get("sites", {}), dict[str, Site], strict=False)
        self.followed = kept.get("followed", {})


def create_sharepoint(context: GraphContext) -> SharePoint:
    """For `context.shared`."""
    return SharePoint(context)
