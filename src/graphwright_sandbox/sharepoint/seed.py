"""What sites hold at first: the intranet, a team site for each group, everybody's OneDrive.

Made when first looked at, the same in every run. Knows the company, and no HTTP.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from html import escape

from graphwright_sandbox.graph.chance import chance_of
from graphwright_sandbox.graph.request import GraphContext
from graphwright_sandbox.groups import Group
from graphwright_sandbox.sharepoint.documents import (
    make_image,
    make_markdown,
    make_pdf,
    make_table,
    make_text,
    make_word_document,
)
from graphwright_sandbox.sharepoint.identities import person_identity, personal_name
from graphwright_sandbox.sharepoint.models import (
    Grant,
    Identity,
    Item,
    ListData,
    Site,
    derive_guid,
    drive_id,
    item_id,
)
from graphwright_sandbox.sharepoint.pages import Page
from graphwright_sandbox.sharepoint.seed_lists import (
    make_asset_list,
    make_issue_list,
    make_travel_list,
    make_user_list,
)
from graphwright_sandbox.tenant import Person

_SYSTEM: Identity = {"user": {"displayName": "System Account"}}
_FOUNDED = datetime(2020, 2, 3, 9, 0, tzinfo=UTC)
_STATIONS = ("station", "easting", "northing", "height")
_MINUTES = (
    "Sheet 14 goes to print on Friday.",
    "The coast is drawn anew from the spring survey.",
    "Names in two scripts stay side by side.",
)
_PLAN = ("Scope agreed", "Survey of the river from March", "Proof prints in June", "Delivery")


class Seed:
    """Makes the sites of one tenant."""

    def __init__(self, context: GraphContext, host: str, personal_host: str) -> None:
        self._context = context
        self._host = host
        self._personal_host = personal_host

    def root_site(self, identifier: str) -> Site:
        """The intranet."""
        site = Site(
            id=identifier,
            collection=derive_guid("collection", identifier),
            host=self._host,
            path="",
            name="",
            display_name=self._context.tenant.display_name,
            created=_FOUNDED,
            modified=_FOUNDED,
            description="What everybody needs to know.",
        )
        people = self._context.tenant.people.company
        self._add_user_list(site, people)
        tree = self._add_library(site, "Documents", "Shared Documents", _SYSTEM)
        handbook = tree.folder("Handbook")
        tree.file("Welcome.docx", make_word_document("Welcome", ("Begin with the handbook.",)))
        tree.file(
            "Travel policy.pdf", make_pdf("Travel policy", ("Trains before planes.",)), handbook
        )
        tree.file("House rules.md", make_markdown("House rules", _MINUTES), handbook)
        add_home(site, _SYSTEM)
        author = person_identity(people[0]) if people else _SYSTEM
        for make in (make_travel_list, make_asset_list):
            self._add_list(site, make, people, author)
        return site

    def archive_site(self, identifier: str, root: Site) -> Site:
        """A site below the root."""
        site = Site(
            id=identifier,
            collection=root.collection,
            host=self._host,
            path="/archive",
            name="archive",
            display_name="Map archive",
            created=_FOUNDED,
            modified=_FOUNDED,
            description="What is out of print.",
        )
        self._add_user_list(site, self._context.tenant.people.company)
        add_home(site, _SYSTEM)
        tree = self._add_library(site, "Documents", "Shared Documents", _SYSTEM)
        tree.file("Index.csv", make_table(chance_of("archive"), _STATIONS, 20))
        return site

    def team_site(self, group: Group) -> Site:
        """The site of a group."""
        site = Site(
            id=group.id,
            collection=derive_guid("collection", group.id),
            host=self._host,
            path=f"/sites/{group.mail_nickname}",
            name=group.mail_nickname,
            display_name=group.display_name,
            created=group.created,
            modified=group.created,
            description=group.description,
            group=group.id,
        )
        company = {person.id: person for person in self._context.tenant.people.company}
        people = [company[one] for one in (*group.owners, *group.members) if one in company]
        people = list(dict.fromkeys(people))
        self._add_user_list(site, people)
        author = person_identity(people[0]) if people else _SYSTEM
        tree = self._add_library(site, "Documents", "Shared Documents", author)
        add_home(site, author)
        if not people:
            return site
        chance = chance_of("team site", group.id)
        general, survey = tree.folder("General"), tree.folder("Survey 2026")
        tree.file("Plan.md", make_markdown(f"Plan of {group.display_name}", _PLAN), general)
        tree.file("Minutes.txt", make_text("Minutes", _MINUTES), general)
        tree.file("Contract.docx", make_word_document("Contract", _PLAN), general)
        tree.file("Stations.csv", make_table(chance, _STATIONS, 40), survey)
        tree.file("Contours.png", make_image(64, 48, chance), survey)
        self._add_list(site, make_issue_list, people, author)
        return site

    def personal_site(self, person: Person) -> Site:
        """Somebody's OneDrive; it holds documents only for those of the seeded company."""
        author = person_identity(person)
        site = Site(
            id=person.id,
            collection=derive_guid("collection", person.id),
            host=self._personal_host,
            path=f"/personal/{personal_name(person)}",
            name=personal_name(person),
            display_name=person.display_name,
            created=_FOUNDED,
            modified=_FOUNDED,
            person=person.id,
        )
        self._add_user_list(site, [person])
        tree = self._add_library(site, "OneDrive", "Documents", author)
        company = self._context.tenant.people.company
        if person.id not in {one.id for one in company}:
            return site
        chance = chance_of("personal site", person.id)
        documents, pictures = tree.folder("Documents"), tree.folder("Pictures")
        tree.file("Getting started.pdf", make_pdf("Getting started", ("Put your files here.",)))
        notes = tree.file("Notes.txt", make_text("Notes", _MINUTES), documents)
        tree.file("Journey.md", make_markdown("Journey", _PLAN), documents)
        tree.file("Levels.csv", make_table(chance, _STATIONS, 12), documents)
        tree.file("Ridge.png", make_image(48, 32, chance), pictures)
        manager = next((one for one in company if one.id == person.manager_id), None)
        if manager is not None:
            grant = Grant(
                id=derive_guid("grant", notes.id, manager.id),
                roles=["read"],
                granted=[person_identity(manager)],
                by=author,
                since=notes.modified,
            )
            notes.grants.append(grant)
        return site

    def _add_user_list(self, site: Site, people: Sequence[Person]) -> None:
        made = make_user_list(site, people, _SYSTEM, _FOUNDED)
        site.lists[made.id] = made

    def _add_list(
        self,
        site: Site,
        make: Callable[[Site, Sequence[Person], Identity, datetime], ListData],
        people: Sequence[Person],
        author: Identity,
    ) -> None:
        moment = datetime.combine(self._context.today, time(8, 0), UTC)
        made = make(site, people, author, moment)
        site.lists[made.id] = made

    def _add_library(self, site: Site, title: str, name: str, author: Identity) -> "_Tree":
        identifier = derive_guid("library", site.id, name)
        library = ListData(
            id=identifier,
            name=name,
            display_name=title,
            created=site.created,
            modified=site.created,
            creator=author,
            editor=author,
            template="mySiteDocumentLibrary" if site.person else "documentLibrary",
            drive=drive_id(site.collection, site.id, identifier),
        )
        add_root(library)
        site.lists[identifier] = library
        newest = datetime.combine(self._context.today, time(7, 0), UTC)
        return _Tree(library, author, newest)


def add_root(library: ListData) -> None:
    """The root folder of a new library."""
    drive = library.drive or ""
    unique = derive_guid("root", drive)
    root = Item(
        id=item_id(drive, unique),
        unique=unique,
        number=0,
        parent=None,
        name="root",
        folder=True,
        created=library.created,
        modified=library.modified,
        creator=library.creator,
        editor=library.editor,
    )
    library.root = root.id
    library.items[root.id] = root


class _Tree:
    """Fills a library."""

    def __init__(self, library: ListData, author: Identity, newest: datetime) -> None:
        self._library = library
        self._author = author
        self._newest = newest

    def folder(self, name: str) -> Item:
        return self._add(name, None, b"", folder=True)

    def file(self, name: str, content: bytes, parent: Item | None = None) -> Item:
        return self._add(name, parent, content, folder=False)

    def _add(self, name: str, parent: Item | None, content: bytes, *, folder: bool) -> Item:
        library = self._library
        chance = chance_of("file", library.id, name)
        moment = self._newest - timedelta(
            days=chance.randrange(1, 90), minutes=chance.randrange(600)
        )
        unique = derive_guid("item", library.id, parent.id if parent else "", name)
        item = Item(
            id=item_id(library.drive or "", unique),
            unique=unique,
            number=library.next_number,
            parent=parent.id if parent else library.root,
            name=name,
            folder=folder,
            created=moment - timedelta(days=chance.randrange(30)),
            modified=moment,
            creator=self._author,
            editor=self._author,
            content=content,
        )
        library.next_number += 1
        library.items[item.id] = item
        library.modified = max(library.modified, moment)
        return item


def add_home(site: Site, author: Identity) -> None:
    """The page that a browser shows of a site, published, with what the site is about."""
    text = {
        "@odata.type": "#microsoft.graph.textWebPart",
        "id": derive_guid("home", site.id, "text"),
        "innerHtml": f"<p>{escape(site.description)}</p>",
    }
    page = Page(
        id=derive_guid("home", site.id),
        name="Home.aspx",
        created=site.created,
        modified=site.created,
        creator=author,
        editor=author,
        properties={
            "title": site.display_name,
            "pageLayout": "home",
            "promotionKind": "page",
            "showComments": False,
            "showRecommendedPages": False,
        },
        sections=[
            {
                "layout": "oneColumn",
                "id": "1",
                "emphasis": "none",
                "columns": [{"id": "1", "width": 12, "webparts": [text]}],
            }
        ],
        major=1,
        minor=0,
        checked_out=False,
    )
    site.pages[page.id] = page
