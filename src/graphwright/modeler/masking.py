"""Shows values of a run without what nobody may see, and without what is too large to look at.

Pure. Secrets, tokens and sensitive values become `MASK`. What is left out of a large value is told by
an object whose key is `…`, or at the end of a text. A collection is shown as far as it was read.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from graphwright.application.definition import Application
from graphwright.expressions import ExpressionInvalid, compile_expression
from graphwright.http.collection import CollectionHandle
from graphwright.imports.definition import ChildImport, ImportDefinition
from graphwright.kernel.errors import GraphwrightError
from graphwright.kernel.settings import Settings, is_secret_name
from graphwright.kernel.values import JsonValue

MASK = "•••••"
LEFT_OUT = "…"

# A shorter value is masked only where it is the whole text: else single letters would go.
_SHORTEST = 5
# A line of a secret that has several is masked by itself from this length on.
_LINE = 16
# A text is masked this much beyond where it is cut, so that no half of a secret stays.
_MARGIN = 5_000
_LONGEST_KEY = 200

# Field and header names, without -, _ and case, whose values give access to something.
_SECRET_NAMES = frozenset(
    "authorization proxyauthorization cookie setcookie accesstoken refreshtoken idtoken token"
    " clientsecret clientassertion assertion password passwd secret secrettext apikey xapikey"
    " codeverifier devicecode privatekey clientstate @microsoft.graph.downloadurl uploadurl".split()
)
_TOKENS = re.compile(
    r"\beyJ[\w-]{8,}(?:\.[\w-]*){2,4}"  # a JSON web token (RFC 7519, 7516)
    r"|(?<=\bbearer )[\w.~+/-]{20,}=*",
    re.IGNORECASE,
)
# What a pre-authenticated address gives access with: SharePoint's, Azure Storage's, OAuth's.
_IN_ADDRESS = re.compile(
    r"([?&#](?:tempauth|sig|code|token|access_token|id_token|refresh_token|client_secret)=)[^&#\s\"']+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Limits:
    """How much of a value is shown."""

    depth: int = 8
    items: int = 20
    fields: int = 100
    text: int = 2_000
    values: int = 1_000
    told: bool = True
    """Whether what was left out is told; expressions are evaluated over plain data."""


SHOWN = Limits()
SAMPLE = Limits(depth=40, items=200, fields=500, text=20_000, values=10_000, told=False)


@dataclass(frozen=True)
class Masker:
    """Knows what is to be masked: texts wherever they stand, and values by the name of their field."""

    texts: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    _pattern: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        forms = {
            form
            for text in self.texts
            if len(text) >= _SHORTEST
            for form in (text, quote(text, safe=""), quote_plus(text), json.dumps(text)[1:-1])
        }
        found = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
        object.__setattr__(self, "_pattern", re.compile(found) if found else None)

    def also(self, texts: Iterable[str]) -> "Masker":
        """A masker that knows these texts as well."""
        known = self.texts.union(texts)
        return self if known == self.texts else Masker(known, self.names)

    def joined(self, other: "Masker") -> "Masker":
        """A masker that knows what both know."""
        if other.texts <= self.texts and other.names <= self.names:
            return self
        return Masker(self.texts | other.texts, self.names | other.names)

    def text(self, text: str) -> str:
        """The text without secrets and tokens."""
        if text in self.texts:
            return MASK
        if self._pattern is not None:
            text = self._pattern.sub(MASK, text)
        return _IN_ADDRESS.sub(rf"\1{MASK}", _TOKENS.sub(MASK, text))

    def hides(self, name: str) -> bool:
        """Whether the value of a field of that name is masked, whatever it is."""
        plain = name.replace("-", "").replace("_", "").lower()
        return name in self.names or plain in _SECRET_NAMES

    def show(
        self, value: JsonValue, limits: Limits = SHOWN, hidden: Iterable[str] = ()
    ) -> JsonValue:
        """The value masked and cut; `hidden` names fields of it that are masked as well."""
        return _Showing(self, limits).show(value, 0, frozenset(hidden))


class _Showing:
    """One value being shown: counts how much was."""

    def __init__(self, masker: Masker, limits: Limits) -> None:
        self._masker = masker
        self._limits = limits
        self._left = limits.values

    def show(self, value: JsonValue, depth: int, hidden: frozenset[str] = frozenset()) -> JsonValue:
        self._left -= 1
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float):
            return MASK if str(value) in self._masker.texts else value
        if isinstance(value, bytes):
            return {LEFT_OUT: f"A file, {len(value):,} bytes"}
        if isinstance(value, CollectionHandle):
            return self._collection(value, depth)
        if depth >= self._limits.depth:
            return self._deep(value)
        if isinstance(value, Mapping):
            return self._fields(value, depth, hidden)
        return self._items(value, depth)

    def _text(self, value: str) -> str:
        longest = self._limits.text
        if len(value) <= longest:
            return self._masker.text(value)
        kept = self._masker.text(value[: longest + _MARGIN])[:longest]
        return f"{kept}… ({len(value):,} characters)" if self._limits.told else kept

    def _fields(
        self, value: Mapping[str, JsonValue], depth: int, hidden: frozenset[str]
    ) -> JsonValue:
        shown: dict[str, JsonValue] = {}
        for number, (name, inner) in enumerate(value.items()):
            if number >= self._limits.fields or self._left <= 0:
                if self._limits.told:
                    shown[LEFT_OUT] = _count(len(value) - number, "more field")
                break
            is_hidden = name in hidden or self._masker.hides(name)
            masked = is_hidden and inner is not None and not isinstance(inner, bool)
            key = self._masker.text(name)[:_LONGEST_KEY]
            shown[key] = MASK if masked else self.show(inner, depth + 1)
        return shown

    def _items(self, value: JsonValue, depth: int) -> list[JsonValue]:
        shown: list[JsonValue] = []
        for number, inner in enumerate(value):
            if number >= self._limits.items or self._left <= 0:
                if self._limits.told:
                    shown.append({LEFT_OUT: _count(len(value) - number, "more item")})
                break
            shown.append(self.show(inner, depth + 1))
        return shown

    def _deep(self, value: JsonValue) -> JsonValue:
        if not self._limits.told:
            return None
        what = "field" if isinstance(value, Mapping) else "item"
        return {LEFT_OUT: _count(len(value), what)}

    def _collection(self, handle: CollectionHandle, depth: int) -> JsonValue:
        """What was read of it so far; looking never fetches."""
        page = handle.first
        items: list[JsonValue] = page.items if page is not None else []
        shown: dict[str, JsonValue] = {"value": self._items(items, depth)}
        if self._limits.told:
            more = ", more to come" if page is None or page.next is not None else ""
            told = f"A collection: {_count(len(items), 'item')} so far{more}"
            shown = {LEFT_OUT: told, **shown}
        return shown


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def find_masker(application: Application, settings: Settings) -> Masker:
    """The masker of an application: its secrets, and the names of its sensitive fields."""
    named = {
        text
        for document in application.documents.values()
        for text in _secret_names(document.value)
    }
    texts = {
        form
        for name, value in settings.values.items()
        if is_secret_name(name) and len(value) >= _SHORTEST
        for form in _forms(value)
    }
    for name in named:
        try:
            texts.update(_forms(settings.secret(name)))
        except GraphwrightError:
            # It is set nowhere: there is nothing to mask.
            continue
    return Masker(frozenset(texts - {""}), frozenset(_sensitive_fields(application)))


def _forms(secret: str) -> Iterator[str]:
    """The secret, and each longer line of one that has several, such as a private key."""
    yield secret
    lines = secret.replace("\\n", "\n").splitlines()
    if len(lines) > 1:
        yield from (line for line in lines if len(line) >= _LINE and not line.startswith("-----"))


def _secret_names(value: JsonValue) -> Iterable[str]:
    """The secrets that a document names: `{secret: NAME}` wherever it stands."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "secret" and isinstance(inner, str):
                yield inner
            yield from _secret_names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _secret_names(inner)


def _sensitive_fields(application: Application) -> Iterable[str]:
    """The fields marked sensitive, and what the imports call them in the documents they read."""
    by_list = {
        name: {field for field, made in found.fields.items() if made.sensitive}
        for name, found in application.lists.items()
    }
    yield from set().union(*by_list.values())
    for definition in application.imports.values():
        for name, part in _parts(definition.list, definition):
            for field_name in by_list.get(name, set()) & part.fields.keys():
                yield from _last_step(part.fields[field_name])


def _parts(
    name: str, part: ImportDefinition | ChildImport
) -> Iterable[tuple[str, ImportDefinition | ChildImport]]:
    yield name, part
    for child_name, child in part.children.items():
        yield from _parts(child_name, child)


def _last_step(source: str) -> Iterable[str]:
    try:
        path = compile_expression(source).path
    except ExpressionInvalid:
        return
    if path:
        yield path[-1]
