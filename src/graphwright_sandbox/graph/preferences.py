"""The `Prefer` header: what the caller asked for, and what the answer says it honoured."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from graphwright_sandbox.graph.errors import bad_request
from graphwright_sandbox.graph.time_zones import find_zone

# No two stretches of spaces may meet: a long one would be split between them in every way.
_PREFERENCE = re.compile(r"\s*([\w.\-]+)\s*(?:=\s*(?:\"([^\"]*)\"|([^\s,;\"]+))\s*)?(?:[,;]|$)")


@dataclass(frozen=True, slots=True)
class Preferences:
    time_zone: str | None = None
    body_content_type: str | None = None
    page_size: int | None = None
    minimal: bool = False
    immutable_ids: bool = False
    unknown_members: bool = False
    """Members of enumerations that came after `unknownFutureValue` are shown as they are."""
    applied: tuple[str, ...] = ()


def parse_preferences(headers: Iterable[str]) -> Preferences:
    """All `Prefer` headers of a request; unknown preferences are ignored, as HTTP demands."""
    preferences = Preferences()
    for header in headers:
        position = 0
        while position < len(header):
            match = _PREFERENCE.match(header, position)
            if match is None or match.end() == position:
                break
            position = match.end()
            value = match[2] if match[2] is not None else match[3] or ""
            preferences = _with_preference(preferences, match[1].lower(), value)
    return preferences


def _with_preference(preferences: Preferences, name: str, value: str) -> Preferences:
    if name == "outlook.timezone":
        find_zone(value)
        changed = replace(preferences, time_zone=value)
    elif name == "outlook.body-content-type" and value.lower() in ("text", "html"):
        changed = replace(preferences, body_content_type=value.lower())
    elif name in ("odata.maxpagesize", "maxpagesize"):
        if not (value.isascii() and value.isdigit()) or int(value[:9]) == 0:
            raise bad_request(f"Invalid value '{value}' for the odata.maxpagesize preference.")
        changed = replace(preferences, page_size=int(value[:9]))
    elif name == "return" and value.lower() in ("minimal", "representation"):
        changed = replace(preferences, minimal=value.lower() == "minimal")
    elif name == "idtype" and value.lower() == "immutableid":
        # Ids of the sandbox never change, so each is an immutable one.
        changed = replace(preferences, immutable_ids=True)
    elif name == "include-unknown-enum-members":
        changed = replace(preferences, unknown_members=True)
    else:
        return preferences
    quoted = f'"{value}"' if name.startswith("outlook.") else value
    said = f"{name}={quoted}" if value else name
    return replace(changed, applied=(*preferences.applied, said))
