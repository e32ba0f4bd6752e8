"""URLs with values in them: where a value may stand, and how it is written there.

A value fills one path segment, or one query value; never the scheme or host. Inside the quotes of
an OData string literal its quotes are doubled, so it cannot leave the literal. Pure.
Source: OData 4.01 URL Conventions, 2 (segments are split before they are decoded) and 5.1.1.14.1.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import quote, unquote, unquote_plus

from graphwright.expressions import Expression, compile_template, text_of
from graphwright.http.errors import InvalidRequest
from graphwright.kernel.errors import Place
from graphwright.kernel.values import JsonValue, Scope

Parts = tuple[str | Expression, ...]

_ABSOLUTE = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:/")
_ORIGIN = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_ODATA_OPTIONS = frozenset({"filter", "search", "orderby", "select", "expand", "apply", "compute"})
_COMMA_LISTS = frozenset({"orderby", "select", "expand"})
_SYSTEM_SEGMENT = re.compile(r"^\$[A-Za-z]+$")
# What may stand in an OData expression outside quotes: names, numbers, instants, identifiers.
_BARE = re.compile(r"^[\w.:+@/-]+$")
_BARE_KEY = re.compile(r"^[\w.:~-]+$")
_PATH_SAFE = ":@!$&'()*+,;=~-._"
_QUERY_SAFE = "$'()*,:;@/!~-._"


@dataclass(frozen=True, slots=True)
class UrlTemplate:
    """A URL of the model, taken apart: `origin` is None where it is relative."""

    origin: str | None
    segments: tuple[Parts, ...]
    query: tuple[tuple[str, Parts], ...]

    @property
    def path_template(self) -> str:
        """The path with `{}` for what is filled in: fit for logs."""
        shown = (
            "".join(part if isinstance(part, str) else "{}" for part in segment)
            for segment in self.segments
        )
        return "/" + "/".join(shown).lstrip("/")

    def render_path(self, scope: Scope) -> str:
        """The path, encoded, with a leading slash."""
        path = "/".join(_render_segment(segment, scope) for segment in self.segments)
        return "/" + path.removeprefix("/")


def parse_url(text: str) -> UrlTemplate:
    """Takes a URL of the model apart; `InvalidRequest` where a value stands in a wrong place."""
    parts = compile_template(text).parts
    first = parts[0] if parts and isinstance(parts[0], str) else ""
    origin = None
    if first.startswith("//"):
        _refuse("The URL begins with two slashes.", "Begin it with one, or write https://.")
    if _ABSOLUTE.match(first):
        match = _ORIGIN.match(first)
        if match is None:
            _refuse("The URL's host cannot be read.", "Write https://host/path.")
        origin = match.group()
        if len(origin) == len(first) and len(parts) > 1:
            _refuse(
                "The URL's host would come from a value.",
                "Write the host out; a value fills one part of the path or one query value.",
            )
        parts = (first[len(origin) :], *parts[1:])
    if any(isinstance(part, str) and "#" in part for part in parts):
        _refuse("The URL holds a #.", "Write %23 where the character is meant.")
    path, *rest = _split(parts, "?", 1)
    segments = tuple(_split(path, "/"))
    if any(isinstance(s[0], str) and unquote(s[0]) in (".", "..") for s in segments if len(s) == 1):
        _refuse("The URL's path holds . or ..", "Write the path out.")
    query = tuple(_parse_pair(pair) for pair in _split(rest[0], "&") if pair) if rest else ()
    return UrlTemplate(origin, segments, query)


def render_query_value(name: str, parts: Parts, scope: Scope, *, odata: bool) -> list[str]:
    """The values of a query parameter, not yet encoded; none where the parameter is left out."""
    option = name.removeprefix("$").lower()
    is_option = name.startswith("$") or (odata and option in _ODATA_OPTIONS)
    if len(parts) == 1 and isinstance(parts[0], Expression):
        return query_values(name, parts[0].evaluate(scope))
    return [_render_option(name, option, parts, scope) if is_option else _join(name, parts, scope)]


def query_values(name: str, value: JsonValue) -> list[str]:
    """A JSON value as the values of a query parameter: null none, a list several or one joined."""
    if value is None:
        return []
    if isinstance(value, list):
        texts = [_text(name, item) for item in value if item is not None]
        if name.removeprefix("$").lower() in _COMMA_LISTS:
            return [",".join(texts)] if texts else []
        return texts
    return [_text(name, value)]


def encode_query(pairs: Iterable[tuple[str, str]]) -> str:
    """Name and value pairs as a query string, encoded."""
    return "&".join(
        f"{_encode(name, '$@._~-', name)}={_encode(value, _QUERY_SAFE, name)}"
        for name, value in pairs
    )


def _render_segment(parts: Parts, scope: Scope) -> str:
    rendered, quoted, depth, filled = "", False, 0, False
    for part in parts:
        if isinstance(part, str):
            quoted ^= part.count("'") % 2 == 1
            depth += part.count("(") - part.count(")")
            rendered += _encode_literal(part)
            continue
        filled = True
        value = _path_value(part, scope)
        if quoted:
            value = value.replace("'", "''")
        elif depth > 0 and not _BARE_KEY.match(value):
            _refuse(
                f"The value of {{{{ {part.source} }}}} cannot stand between parentheses.",
                "Put quotes round it: ('{{ value }}').",
                "url",
            )
        elif len(parts) == 1 and _SYSTEM_SEGMENT.match(value):
            _refuse(
                f"The value of {{{{ {part.source} }}}} would be a command of OData.",
                "A value in a path is the key of something.",
                "url",
            )
        rendered += _encode(value, "~-._", "url")
    if filled and unquote(rendered) in ("", ".", ".."):
        _refuse("A value would make . or .. of the path.", "It must be a key.", "url")
    return rendered


def _path_value(expression: Expression, scope: Scope) -> str:
    text = _text("url", expression.evaluate(scope))
    if not text:
        _refuse(
            f"The value of {{{{ {expression.source} }}}} in the URL's path is empty.",
            "Without it the request would mean something else.",
            "url",
        )
    # Servers differ in when they decode a slash, so that dots between slashes are refused too.
    if any(piece in (".", "..") for piece in re.split(r"[/\\]", unquote(text))):
        _refuse(
            f"The value of {{{{ {expression.source} }}}} in the URL's path is . or ..",
            "It must be a key.",
            "url",
        )
    return text


def _render_option(name: str, option: str, parts: Parts, scope: Scope) -> str:
    """An OData expression: a value inside quotes stays inside, outside it is a name or number."""
    mark = '"' if option == "search" else "'"
    rendered, quoted = "", False
    for part in parts:
        if isinstance(part, str):
            quoted = _quoted_after(part, mark, quoted)
            rendered += part
            continue
        value = _text(name, part.evaluate(scope))
        if not quoted and not _BARE.match(value):
            _refuse(
                f"The value of {{{{ {part.source} }}}} in {name} stands outside quotes.",
                f"Put quotes round it: {mark}{{{{ {part.source} }}}}{mark}.",
                f"query.{name}",
            )
        if quoted and mark == "'":
            value = value.replace("'", "''")
        elif quoted:
            value = value.replace("\\", "\\\\").replace('"', '\\"')
        rendered += value
    return rendered


def _quoted_after(literal: str, mark: str, quoted: bool) -> bool:
    if mark == '"':
        literal = re.sub(r"\\.", "", literal)
    return quoted ^ (literal.count(mark) % 2 == 1)


def _join(name: str, parts: Parts, scope: Scope) -> str:
    return "".join(
        part if isinstance(part, str) else _text(name, part.evaluate(scope)) for part in parts
    )


def _split(parts: Parts, separator: str, most: int = -1) -> list[Parts]:
    pieces: list[list[str | Expression]] = [[]]
    for part in parts:
        if isinstance(part, Expression):
            pieces[-1].append(part)
            continue
        left = -1 if most < 0 else most - len(pieces) + 1
        first, *others = part.split(separator, left) if left else [part]
        pieces[-1].append(first)
        pieces += [[other] for other in others]
    return [tuple(part for part in piece if part != "") for piece in pieces]


def _parse_pair(pair: Parts) -> tuple[str, Parts]:
    name, *value = _split(pair, "=", 1)
    if len(name) != 1 or not isinstance(name[0], str):
        _refuse("The name of a query parameter would come from a value.", "Write it out.")
    decoded = (
        (unquote_plus(part) if isinstance(part, str) else part for part in value[0])
        if (value)
        else iter(("",))
    )
    return unquote_plus(name[0]), tuple(decoded)


def _text(name: str, value: JsonValue) -> str:
    if isinstance(value, dict | list):
        kind = "a list" if isinstance(value, list) else "an object"
        _refuse(f"The value for {name} is {kind}.", "Pick one of its fields.", name)
    return text_of(value)


def _encode(text: str, safe: str, name: str) -> str:
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError as error:
        raise InvalidRequest(f"The value for {name} holds half a character.") from error


def _encode_literal(text: str) -> str:
    """A literal piece of path: what is already encoded stays, the rest is."""
    return re.sub(
        r"%[0-9A-Fa-f]{2}|[^%]+|%",
        lambda m: (
            m.group()
            if len(m.group()) == 3 and m.group()[0] == "%"
            else _encode(m.group(), _PATH_SAFE, "url")
        ),
        text,
    )


def _refuse(message: str, hint: str, field: str = "url") -> NoReturn:
    raise InvalidRequest(message, hint=hint, place=Place(field=field))
