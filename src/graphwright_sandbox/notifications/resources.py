"""What can be subscribed to: the kinds of resources by their paths, and each one's limits.

It must not know how anybody is told.
"""

import re
from dataclasses import dataclass

CHANGE_TYPES = ("created", "updated", "deleted")


@dataclass(frozen=True, slots=True)
class ResourceKind:
    """One kind of resource that changes are told of."""

    name: str
    type: str
    """As `resourceData` names it."""
    pattern: re.Pattern[str]
    """The normalised path, its keys in braces of their own: ids are never empty."""
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


def _kind(name: str, odata: str, pattern: str, minutes: int, **more: object) -> ResourceKind:
    keyed = pattern.replace("{}", "[^/]+")
    return ResourceKind(
        name,
        f"#Microsoft.Graph.{odata}",
        re.compile(rf"^(?:{keyed})$", re.IGNORECASE),
        minutes,
        **more,  # type: ignore[arg-type]
    )


_WEEK = 10_080
_DIRECTORY = {"change_types": ("updated", "deleted"), "created_is_updated": True}
_OUTLOOK = {"rich_minutes": 1_440, "service": "outlook"}
_TEAMS = {"rich_minutes": 4_320, "lifecycle_beyond": 60}
_ITEM = {"change_types": ("updated",), "deep": True}

KINDS = {
    kind.name: kind
    for kind in (
        _kind(
            "message",
            "Message",
            "users/{}/(?:mailFolders/{}/)?messages(?:/{})?",
            _WEEK,
            **_OUTLOOK,
        ),
        _kind("event", "Event", "users/{}/(?:calendars/{}/)?events(?:/{})?", _WEEK, **_OUTLOOK),
        _kind(
            "contact",
            "Contact",
            "users/{}/(?:contactFolders/{}/)?contacts(?:/{})?",
            _WEEK,
            **_OUTLOOK,
        ),
        _kind("user", "User", "users(?:/{})?", 41_760, **_DIRECTORY),
        _kind("group", "Group", "groups(?:/{})?", 41_760, **_DIRECTORY),
        _kind(
            "driveItem",
            "DriveItem",
            "(?:drives/{}|(?:users|groups|sites)/{}/drive)/root",
            42_300,
            **_ITEM,
        ),
        _kind("list", "List", "sites/{}/lists/{}", 42_300, **_ITEM),
        _kind("todoTask", "TodoTask", "users/{}/todo/lists/{}/tasks", 4_230),
        _kind(
            "chatMessage",
            "ChatMessage",
            "(?:chats/{}|teams/{}/channels/{})/messages(?:/{})?",
            4_320,
            **_TEAMS,
        ),
    )
}
"""Every kind, by its name."""


def find_kind(path: str) -> ResourceKind | None:
    """The kind of a normalised path; None: nothing there can be subscribed to."""
    return next((kind for kind in KINDS.values() if kind.pattern.match(path)), None)
