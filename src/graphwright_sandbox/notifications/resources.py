"""What can be subscribed to: the kinds of resources by their paths, and each one's limits.

It must not know how anybody is told.
"""

import re
from dataclasses import dataclass
from functools import partial

CHANGE_TYPES = ("created", "updated", "deleted")


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """One kind of resource that changes are told of."""

    name: str
    path: str
    """A regular expression of the normalised path, in which `{}` stands for a key."""
    minutes: int
    """How far in the future a subscription may end."""
    rich_minutes: int = 0
    """The same with resource data; 0: there is none."""
    change_types: tuple[str, ...] = CHANGE_TYPES
    created_is_updated: bool = False
    """Whether a new resource is told as an update, as the directory does."""
    deep: bool = False
    """Whether everything below counts, and is told of as a change of the resource itself."""
    lifecycle_beyond: int | None = None
    """From so many minutes on a lifecycleNotificationUrl is required."""
    service: str = "graph"
    """Which service refuses: Outlook words it differently."""

    @property
    def type(self) -> str:
        """As `resourceData` names it."""
        return f"#Microsoft.Graph.{self.name[0].upper()}{self.name[1:]}"


_outlook = partial(ResourceKind, minutes=10_080, rich_minutes=1_440, service="outlook")
_directory = partial(
    ResourceKind, minutes=41_760, change_types=("updated", "deleted"), created_is_updated=True
)
_sharepoint = partial(ResourceKind, minutes=42_300, change_types=("updated",), deep=True)
_teams = partial(ResourceKind, minutes=4_320, rich_minutes=4_320, lifecycle_beyond=60)

KINDS = {
    kind.name: kind
    for kind in (
        _outlook("message", "users/{}/(?:mailFolders/{}/)?messages(?:/{})?"),
        _outlook("event", "users/{}/events(?:/{})?"),
        _outlook("contact", "users/{}/(?:contactFolders/{}/)?contacts(?:/{})?"),
        _directory("user", "users(?:/{})?"),
        _directory("group", "groups(?:/{})?"),
        _sharepoint("driveItem", "(?:drives/{}|(?:users|groups|sites)/{}/drive)/root"),
        _sharepoint("list", "sites/{}/lists/{}"),
        ResourceKind("todoTask", "users/{}/todo/lists/{}/tasks", 4_230),
        _teams("chatMessage", "(?:chats/{}|teams/{}/channels/{})/messages(?:/{})?"),
    )
}
"""Every kind, by its name."""


_PATTERNS = {
    name: re.compile(f"^(?:{kind.path.replace('{}', '[^/]+')})$", re.IGNORECASE)
    for name, kind in KINDS.items()
}


def find_kind(path: str) -> ResourceKind | None:
    """The kind of a normalised path; None: nothing there can be subscribed to."""
    return next((KINDS[name] for name, one in _PATTERNS.items() if one.match(path)), None)
