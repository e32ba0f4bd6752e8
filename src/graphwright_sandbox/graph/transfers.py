"""Files on their way: pre-authenticated downloads and upload sessions, kept until they expire.

Whoever knows the URL may use it, as in SharePoint and Exchange: the URL is the permission. Knows
no workload and no HTTP server; `transfer_app` serves what is kept here.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.request import GraphResponse, Record, no_content
from graphwright_sandbox.graph.values import format_instant

DOWNLOAD_LIFETIME = timedelta(hours=1)
UPLOAD_LIFETIME = timedelta(days=1)
# The oldest are given up first, so that a sandbox that runs for weeks does not grow.
_MAXIMUM_DOWNLOADS = 20_000
_MAXIMUM_UPLOADS = 1_000
MAXIMUM_WAITING = 2 * 2**30
"""Bytes of all uploads that are under way: two of the largest files."""
_CONTENT_RANGE = re.compile(r"^bytes (\d{1,15})-(\d{1,15})/(\d{1,15})$")


@dataclass(frozen=True, slots=True)
class Download:
    """What a download URL stands for. `read` may raise `GraphError` where the file is gone."""

    read: Callable[[], bytes] = field(repr=False)
    name: str
    content_type: str
    etag: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class UploadRules:
    """What a service accepts of one fragment, and how it answers."""

    largest_fragment: int
    largest_file: int
    multiple: int = 1
    """Every fragment but the last has to be a multiple of this."""
    accepted: int = 202
    """The status of a fragment that is not the last."""
    exchange: bool = False
    """Next range as Exchange writes it: `26` instead of `26-99`."""


DRIVE_UPLOAD = UploadRules(60 * 2**20, 2**30, multiple=320 * 1024)
MAIL_UPLOAD = UploadRules(4 * 2**20, 150 * 2**20, accepted=200, exchange=True)


@dataclass
class Upload:
    """One upload session."""

    url: str = field(repr=False)
    finish: Callable[[bytes], GraphResponse] = field(repr=False)
    rules: UploadRules
    lifetime: timedelta
    expires: datetime
    deferred: bool = False
    data: bytearray = field(default_factory=bytearray, repr=False)
    total: int | None = None
    last_range: str = ""
    answer: GraphResponse | None = None
    """How the last fragment was answered; None while the session goes on."""

    def describe(self) -> Record:
        """The session as it is shown, without its URL."""
        missing = str(len(self.data))
        if not self.rules.exchange:
            # The end is told as soon as it is known: clients read it.
            missing += "-" if self.total is None else f"-{self.total - 1}"
        return {
            "expirationDateTime": format_instant(self.expires),
            "nextExpectedRanges": [missing],
        }


class Transfers:
    """All open downloads and upload sessions. `origin` is where they are served."""

    def __init__(self, origin: str, clock: Callable[[], datetime]) -> None:
        self.origin = origin
        self._clock = clock
        self._downloads: dict[str, Download] = {}
        self._uploads: dict[str, Upload] = {}
        self._monitors: dict[str, tuple[Callable[[], GraphResponse], datetime]] = {}

    def download_url(
        self, read: Callable[[], bytes], name: str, content_type: str, etag: str = ""
    ) -> str:
        """A URL that gives what `read` gives then, for an hour and without a token."""
        key = secrets.token_urlsafe(32)
        expires = self._clock() + DOWNLOAD_LIFETIME
        self._downloads[key] = Download(read, name, content_type, etag, expires)
        _drop_oldest(self._downloads, _MAXIMUM_DOWNLOADS)
        return f"{self.origin}/download/{key}/{quote(name, safe='')}"

    def create_upload(
        self,
        finish: Callable[[bytes], GraphResponse],
        lifetime: timedelta = UPLOAD_LIFETIME,
        *,
        rules: UploadRules = DRIVE_UPLOAD,
        deferred: bool = False,
    ) -> Record:
        """A new session, as Graph answers it. `finish` gets the whole file and gives the answer
        to the last fragment (deferred: to the empty POST after it), or raises `GraphError`; the
        session ends with it, unless it raised. Each fragment prolongs the session."""
        key = secrets.token_urlsafe(32)
        url = f"{self.origin}/upload/{key}"
        expires = self._clock() + lifetime
        session = Upload(url, finish, rules, lifetime, expires, deferred)
        self._uploads[key] = session
        _drop_oldest(self._uploads, _MAXIMUM_UPLOADS)
        return {"uploadUrl": url, **session.describe()}

    def monitor_url(self, answer: Callable[[], GraphResponse]) -> str:
        """A URL that tells how far a long-running action is; for an hour and without a token."""
        key = secrets.token_urlsafe(32)
        self._monitors[key] = answer, self._clock() + DOWNLOAD_LIFETIME
        _drop_oldest(self._monitors, _MAXIMUM_UPLOADS)
        return f"{self.origin}/monitor/{key}"

    def monitor(self, key: str) -> GraphResponse:
        """How far the action of a monitor URL is."""
        answer, expires = self._monitors.get(key, (None, self._clock()))
        if answer is None or expires <= self._clock():
            raise _not_found("The operation was not found.")
        return answer()

    def find_download(self, key: str) -> Download:
        found = self._downloads.get(key)
        if found is None or found.expires <= self._clock():
            self._downloads.pop(key, None)
            raise _not_found("The download URL has expired or never was.")
        return found

    def find_upload(self, key: str, *, finished: bool = False) -> Upload:
        """An upload session that goes on; `finished`: also one that has come to its end."""
        found = self._uploads.get(key)
        if found is None or found.expires <= self._clock():
            self._uploads.pop(key, None)
            raise _not_found("The upload session was not found")
        if found.answer is not None and not finished:
            raise _not_found("The upload session was not found")
        return found

    def describe(self, key: str) -> GraphResponse:
        """GET of a session: what is still missing."""
        session = self.find_upload(key)
        return GraphResponse(200, {"uploadUrl": session.url, **session.describe()})

    def cancel(self, key: str) -> GraphResponse:
        """DELETE of a session: all that came is forgotten."""
        self.find_upload(key)
        del self._uploads[key]
        return no_content()

    def accept(self, key: str, content_range: str, fragment: bytes) -> GraphResponse:
        """PUT of a fragment: the next of the file, or the last one. The last one may be sent again,
        as a client does that missed the answer."""
        finished = self.find_upload(key, finished=True)
        if finished.answer is not None and finished.last_range == content_range.strip():
            return finished.answer
        session = self.find_upload(key)
        total = _check_fragment(session, content_range, fragment)
        session.total = total
        session.data += fragment
        self._make_room(session)
        session.expires = self._clock() + session.lifetime
        if len(session.data) < total or session.deferred:
            return GraphResponse(session.rules.accepted, session.describe())
        return self._finish(session, content_range)

    def _make_room(self, current: Upload) -> None:
        """Gives up the oldest of the other uploads while all together hold too much."""
        waiting = sum(len(one.data) for one in self._uploads.values())
        for key, one in list(self._uploads.items()):
            if waiting <= MAXIMUM_WAITING:
                return
            if one is not current:
                waiting -= len(one.data)
                del self._uploads[key]

    def commit(self, key: str) -> GraphResponse:
        """The empty POST that completes a session."""
        session = self.find_upload(key)
        if session.total is None or len(session.data) < session.total:
            raise _invalid("The upload session is not complete.")
        return self._finish(session)

    @staticmethod
    def _finish(session: Upload, content_range: str = "") -> GraphResponse:
        session.answer = session.finish(bytes(session.data))
        session.last_range = content_range.strip()
        session.data.clear()
        return session.answer


def _check_fragment(session: Upload, content_range: str, fragment: bytes) -> int:
    """The size of the whole file; refuses a fragment that does not continue it."""
    match = _CONTENT_RANGE.match(content_range.strip())
    if match is None:
        raise _invalid("The Content-Range header is missing or malformed.")
    first, last, total = map(int, match.groups())
    rules = session.rules
    if last < first or last >= total:
        raise _invalid("The Content-Range header is missing or malformed.")
    if total > rules.largest_file:
        raise GraphError(
            413, "maxFileSizeExceeded", "Maximum file size of the service has been exceeded."
        )
    if session.total is not None and total != session.total:
        raise _invalid(
            f"The current upload session is for {session.total} total bytes, but the current "
            f"fragment declares a total of {total}."
        )
    if last - first + 1 != len(fragment):
        raise _invalid(
            "The Content-Range header length does not match the provided number of bytes."
        )
    received = len(session.data)
    if first < received:
        raise _out_of_order(
            "The uploaded fragment overlaps with data that has already been received."
        )
    if first > received:
        raise _out_of_order("The uploaded fragment is not contiguous with the last one.")
    # Graph's SDK for Python sends one byte more than it means to, which SharePoint takes as well.
    if last + 1 < total and len(fragment) % rules.multiple > 1:
        raise _invalid(
            f"The fragment's size needs to be a multiple of {rules.multiple} bytes, unless it is "
            "the last one."
        )
    return total


def _drop_oldest(entries: dict[str, Any], maximum: int) -> None:
    while len(entries) > maximum:
        del entries[next(iter(entries))]


def _invalid(message: str) -> GraphError:
    return GraphError(400, "invalidRequest", message)


def _out_of_order(message: str) -> GraphError:
    return GraphError(416, "invalidRange", message)


def _not_found(message: str) -> GraphError:
    return GraphError(404, "itemNotFound", message)
