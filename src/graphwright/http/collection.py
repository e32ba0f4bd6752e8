"""Paged collections: a handle instead of rows, read page by page.

Knows of the wire only that somebody fetches a page; holds no token, so it may be kept in a flow's
state. Whoever drains it commits a page's rows together with that page's `next`. The page that came
with the answer is kept as bytes: only who reads it knows what of it is wanted.
Source: https://learn.microsoft.com/graph/paging
"""

import asyncio
import hashlib
import json
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlsplit

import msgspec

from graphwright.http.call import Call
from graphwright.http.errors import CollectionLoop, CollectionTooLarge, ResponseInvalid
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.values import JsonObject, JsonValue

MOST_ITEMS: Final = 10_000
MOST_BYTES: Final = 10_000_000
_MOST_EMPTY_PAGES = 1_000
# Larger ones are read aside, so that nothing else waits.
READ_ASIDE: Final = 256_000
AHEAD: Final = 4
_AHEAD_BYTES: Final = 32_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its items, and where the next one is."""

    items: list[Any] = field(repr=False)
    """JSON values; or what a `PageReader` makes of them."""
    next: str | None = field(default=None, repr=False)
    """The URL of the next page; None where this is the last."""
    count: int | None = None
    """How many items there are in all, where the server says so (`$count=true`)."""
    delta: str | None = field(default=None, repr=False)
    size: int = 0
    """Bytes of the page."""
    has_ids: bool = False
    """Whether items that are no JSON objects say which they are."""
    annotations: JsonObject = field(default_factory=dict, repr=False)
    """The rest of the document, such as `@odata.context`."""


class PageReader(Protocol):
    """Reads pages in a way of its own, such as only what is wanted of them."""

    def read(self, content: bytes) -> Page | None:
        """The page of these JSON bytes; None: it is to be read the usual way."""
        ...


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """A page as it came; `keep_page` found it to be one."""

    content: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes of the page."""
        return len(self.content)

    def read(self, read: PageReader | None = None) -> Page | None:
        """The page; None where a value in it cannot be read, which asking for it anew tells."""
        page = None if read is None else read.read(self.content)
        if page is not None:
            return page
        try:
            return read_page(msgspec.json.decode(self.content), self.size)
        except (msgspec.MsgspecError, RecursionError, ResponseInvalid):
            return None


class _Shape(msgspec.Struct, gc=False):
    """What makes a document a page. Its items are looked at for their syntax alone."""

    value: list[msgspec.Raw]
    next: str | None = msgspec.field(default=None, name="@odata.nextLink")
    delta: str | None = msgspec.field(default=None, name="@odata.deltaLink")
    error: Any = msgspec.UNSET


_SHAPE: Final = msgspec.json.Decoder(_Shape)


def keep_page(content: bytes) -> UnreadPage | None:
    """The page that JSON bytes are, unread; None where they are none, or are no JSON."""
    try:
        if not content.isascii():
            # What is skipped is not decoded.
            content.decode()
        shape = _SHAPE.decode(content)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return UnreadPage(content) if shape.error is msgspec.UNSET else None


def is_collection(call: Call, body: JsonValue) -> bool:
    """Whether a document is the first page of a collection."""
    return (
        may_be_collection(call) and isinstance(body, dict) and isinstance(body.get("value"), list)
    )


def may_be_collection(call: Call) -> bool:
    """Whether a call may open a collection."""
    return call.paged is True or (call.paged is None and call.method == "GET")


def read_page(document: JsonObject, size: int, **facts: Any) -> Page:
    """The page that a document is; `ResponseInvalid`, with the facts, where its links are no text."""
    body = dict(document)
    items = body.pop("value")
    links: list[str | None] = []
    for name in ("@odata.nextLink", "@odata.deltaLink"):
        link = body.pop(name, None)
        if link is not None and not isinstance(link, str):
            raise ResponseInvalid(
                f"The {name} of a page is no text.", hint="The server is at fault.", **facts
            )
        links.append(link)
    count = body.get("@odata.count")
    return Page(
        items=items,
        next=links[0],
        delta=links[1],
        count=count if isinstance(count, int) else None,
        size=size,
        annotations=body,
    )


class PageSource(Protocol):
    """Who fetches pages: the HTTP client."""

    async def page(
        self, call: Call, continuation: str | None, read: PageReader | None = None
    ) -> Page:
        """The page at the continuation, or the first."""
        ...


@dataclass(slots=True)
class CollectionHandle:
    """A collection: the call that opens it, and where to begin (`continuation`; None: at the top).

    The page there is kept (`opening`) until the next is asked for.
    """

    call: Call
    continuation: str | None = field(default=None, repr=False)
    opening: Page | UnreadPage | None = field(default=None, repr=False, compare=False)

    @property
    def first(self) -> Page | None:
        """The page that is kept, read the usual way; None where none is, or it cannot be read."""
        if isinstance(self.opening, UnreadPage):
            self.opening = self.opening.read()
        return self.opening

    @property
    def scope(self) -> str:
        """A hash of what is read for whom: the owner, and the resolved URL and query."""
        parts = urlsplit(self.call.url)
        what = [
            self.call.principal_id or "",
            self.call.account or "",
            self.call.profile or "",
            self.call.method,
            f"{parts.scheme}://{parts.netloc}{parts.path}",
            sorted(parse_qsl(parts.query, keep_blank_values=True)),
            hashlib.sha256(self.call.body or b"").hexdigest(),
        ]
        text = json.dumps(what, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def resume_at(self, continuation: str | None) -> "CollectionHandle":
        """The same collection, beginning at a page's `next`."""
        return CollectionHandle(self.call, continuation)

    def to_state(self) -> JsonObject:
        """The handle as JSON: call and continuation; no token, no rows."""
        return {"call": self.call.to_state(), "continuation": self.continuation}

    @classmethod
    def from_state(cls, state: JsonValue) -> "CollectionHandle":
        """The handle that `to_state` gave; it fetches anew."""
        continuation = state.get("continuation") if isinstance(state, dict) else 0
        if continuation is not None and not isinstance(continuation, str):
            raise InvalidInput("The saved collection cannot be read.")
        return cls(Call.from_state(state.get("call")), continuation)

    async def pages(
        self, client: PageSource, *, read: PageReader | None = None, ahead: int = AHEAD
    ) -> AsyncGenerator[Page, None]:
        """Every page, the next ones being fetched while the consumer works on this one.

        At most `ahead` pages and 32 MB wait for it; with 0 each is fetched when it is asked for.
        `read` reads them in place of the usual way.
        `CollectionLoop` where a nextLink comes again or a page repeats the one before.
        """
        line = _Line(ahead)
        fetching = asyncio.create_task(self._fetch(client, read, line))
        try:
            while (page := await line.take()) is not None:
                yield page
                self.opening = None
        finally:
            fetching.cancel()
            await asyncio.gather(fetching, return_exceptions=True)

    async def _fetch(self, client: PageSource, read: PageReader | None, line: "_Line") -> None:
        """Puts page after page in the line; behind the last one its end, or why there is no other."""
        try:
            trail = _Trail(self.call)
            url: str | None = self.continuation
            trail.follow(url or self.call.url)
            page = await self._open(read)
            while True:
                page = page or await client.page(self.call, url, read)
                trail.see(page)
                url = page.next
                if url is not None:
                    trail.follow(url)
                line.put(page)
                if url is None:
                    return line.end(None)
                page = None
                await line.wait_for_room()
        except Exception as error:  # noqa: BLE001 - it is raised where the page would have come
            line.end(error)

    async def read_all(
        self, client: PageSource, limit: int = MOST_ITEMS, limit_bytes: int = MOST_BYTES
    ) -> list[JsonValue]:
        """All items at once, up to a limit; `CollectionTooLarge` over it."""
        return list((await self.read_document(client, limit, limit_bytes))["value"])

    async def read_document(
        self, client: PageSource, limit: int = MOST_ITEMS, limit_bytes: int = MOST_BYTES
    ) -> JsonObject:
        """The collection as one document: `value` holds all items, up to a limit."""
        items: list[JsonValue] = []
        size = 0
        annotations: JsonObject = {}
        kept = self.opening
        pages = self.pages(client)
        try:
            async for page in pages:
                size += page.size
                annotations = annotations or page.annotations
                if len(items) + len(page.items) > limit or size > limit_bytes:
                    raise CollectionTooLarge(
                        f"The collection has more than {limit:,} items or "
                        f"{limit_bytes // 1_000_000} MB and cannot be read at once.",
                        hint="Read it page by page with an import_data or loop node, or ask for "
                        "less with $filter, $select or $top.",
                        path=self.call.path_template,
                    )
                items += page.items
        finally:
            await pages.aclose()
        # A reader of the whole is often followed by another; a small first page stays at hand.
        self.opening = kept
        return {**annotations, "value": items}

    async def _open(self, read: PageReader | None) -> Page | None:
        opening = self.opening
        if not isinstance(opening, UnreadPage):
            return opening
        if opening.size > READ_ASIDE:
            return await asyncio.to_thread(opening.read, read)
        return opening.read(read)


class _Trail:
    """Where the reading of a collection has been."""

    def __init__(self, call: Call) -> None:
        self._path = call.path_template
        self._urls: set[bytes] = set()
        self._last: list[JsonValue] = []
        self._empty = 0

    def follow(self, url: str) -> None:
        digest = hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if digest in self._urls:
            raise self._loop("leads back to a page that was read before")
        self._urls.add(digest)

    def see(self, page: Page) -> None:
        self._empty = 0 if page.items else self._empty + 1
        if self._empty > _MOST_EMPTY_PAGES:
            raise self._loop(f"leads through {_MOST_EMPTY_PAGES:,} pages without an item")
        # Without ids two pages may well be equal, such as a column of booleans.
        first = page.items[0] if page.items else None
        has_ids = "id" in first if isinstance(first, dict) else page.has_ids
        if page.items and has_ids and page.items == self._last:
            raise self._loop("leads to the page before once more")
        self._last = page.items

    def _loop(self, what: str) -> CollectionLoop:
        return CollectionLoop(
            f"The nextLink of {self._path} {what}.",
            hint="The server is at fault: reading on would never end. What was read is kept.",
        )


class _Line:
    """Pages that were fetched and wait for who reads them, bounded by number and bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pages: deque[Page] = deque()
        self._is_over = False
        self._error: Exception | None = None
        self._is_wanted = False
        self._moved = asyncio.Event()

    async def wait_for_room(self) -> None:
        """Waits until another page may be fetched."""
        await self._until(self._has_room)

    def put(self, page: Page) -> None:
        """Adds a page."""
        self._pages.append(page)
        self._moved.set()

    def end(self, error: Exception | None) -> None:
        """No page comes any more, and why."""
        self._is_over, self._error = True, error
        self._moved.set()

    async def take(self) -> Page | None:
        """The next page; None behind the last one. Raises what ended the line."""
        self._is_wanted = True
        self._moved.set()
        await self._until(lambda: bool(self._pages) or self._is_over)
        self._is_wanted = False
        if self._pages:
            self._moved.set()
            return self._pages.popleft()
        if self._error is not None:
            raise self._error
        return None

    def _has_room(self) -> bool:
        if self._is_wanted and not self._pages:
            return True
        waiting = sum(page.size for page in self._pages)
        return len(self._pages) < self._most and waiting < _AHEAD_BYTES

    async def _until(self, is_ready: Callable[[], bool]) -> None:
        # One side waits for pages, the other for room: never both at once.
        while not is_ready():
            self._moved.clear()
            await self._moved.wait()
