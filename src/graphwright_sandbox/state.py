"""The sandbox's state: whoever keeps something says how it is written and read; one file keeps all.

It must not know what a part holds.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from graphwright_sandbox.files import read_private_file, write_private_file

VERSION = 1
_FORMAT = "graphwright-sandbox-state"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_PAUSE = 1.0
"""Seconds between two writes of the file, at least."""
_SHARE = 20
"""At most one part in so many of the server's time goes into writing."""
_log = logging.getLogger(__name__)


class StateUnusable(Exception):
    """The file is damaged or not meant for this sandbox; it was left as it is."""


@dataclass(frozen=True, slots=True)
class StatePart:
    """One keeper's data as a JSON value: `dump` gives it, `load` replaces it."""

    name: str
    dump: Callable[[], Any]
    load: Callable[[Any], None]


class StateParts:
    """All parts, in the order in which they were added."""

    def __init__(self) -> None:
        self._parts: dict[str, StatePart] = {}

    def add(self, name: str, dump: Callable[[], Any], load: Callable[[Any], None]) -> None:
        """One more part; two of one name are a fault of the sandbox itself."""
        if name in self._parts:
            raise ValueError(f"the state has two parts named {name}")
        self._parts[name] = StatePart(name, dump, load)

    def __iter__(self) -> Iterator[StatePart]:
        return iter(self._parts.values())


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    version: int
    tenant: str
    day: date
    parts: dict[str, msgspec.Raw]


class StateFile:
    """A file that holds all parts of one tenant's sandbox."""

    def __init__(self, path: Path, tenant_id: str) -> None:
        self.path = path
        self._tenant_id = tenant_id

    def read(self) -> _Document | None:
        """What was kept; None where there is no file yet."""
        try:
            data = read_private_file(self.path)
        except OSError as error:
            raise StateUnusable(f"{self.path} cannot be read: {error.strerror}.") from error
        if data is None:
            return None
        try:
            document = msgspec.json.decode(data, type=_Document)
        except (msgspec.DecodeError, RecursionError) as error:
            raise StateUnusable(
                f"{self.path} is damaged: {error}. It was left as it is; move it away to start anew."
            ) from error
        if document.format != _FORMAT or document.version != VERSION:
            raise StateUnusable(
                f"{self.path} is no state of this version ({document.format} {document.version}, "
                f"not {_FORMAT} {VERSION}). It was left as it is."
            )
        if document.tenant != self._tenant_id:
            raise StateUnusable(f"{self.path} holds another tenant, {document.tenant}.")
        return document

    def write(self, data: bytes) -> None:
        """The new content, whole or not at all."""
        write_private_file(self.path, data)


class StateKeeper:
    """Reads the parts at the start, writes them when something was asked to change, resets them.

    The seeded company is that of one day. A kept state goes on with the day it began, so that
    every id stays what it was.
    """

    def __init__(self, parts: StateParts, tenant_id: str, day: date) -> None:
        self._parts = parts
        self._tenant_id = tenant_id
        self._day = day
        self._seed = {part.name: msgspec.json.encode(part.dump()) for part in parts}
        self._resets: list[Callable[[], None]] = []
        self._file: StateFile | None = None
        self._touched = asyncio.Event()

    def keep_in(self, file: StateFile, document: _Document | None) -> None:
        """Load what the file held, and keep everything there from now on."""
        self._file = file
        if document is None:
            # What cannot be written is told at the start, not at the first change.
            try:
                self._write(file)
            except OSError as error:
                raise StateUnusable(f"{file.path} cannot be written: {error.strerror}.") from error
            return
        known = {part.name: part for part in self._parts}
        for name in document.parts:
            if name not in known:
                raise StateUnusable(f"{file.path} holds '{name}', which this sandbox has not.")
        for name, part in known.items():
            value = document.parts.get(name)
            if value is None:
                continue
            try:
                part.load(msgspec.json.decode(value))
            except Exception as error:
                raise StateUnusable(
                    f"{file.path} is damaged in its part '{name}' ({type(error).__name__}). It was "
                    "left as it is; move it away to start anew."
                ) from error

    def on_reset(self, callback: Callable[[], None]) -> None:
        """Call back at a reset: for what is never kept."""
        self._resets.append(callback)

    def reset(self) -> None:
        """Everything as it was seeded."""
        for part in self._parts:
            part.load(msgspec.json.decode(self._seed[part.name]))
        for callback in self._resets:
            callback()
        self._touched.set()

    def watch(self, app: ASGIApp) -> ASGIApp:
        """The application, after whose writing requests the state is written."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await app(scope, receive, send)
            finally:
                if scope["type"] == "http" and scope["method"] not in _READING:
                    self._touched.set()

        return watched

    async def run(self) -> None:
        """Writes the file, again and again, until cancelled."""
        while self._file is not None:
            await self._touched.wait()
            started = time.perf_counter()
            with contextlib.suppress(OSError):
                self.save()
            took = time.perf_counter() - started
            await asyncio.sleep(max(_PAUSE, took * _SHARE))

    def save(self) -> None:
        """Write the file now, where there is one and something changed."""
        if self._file is None or not self._touched.is_set():
            return
        self._touched.clear()
        try:
            self._write(self._file)
        except OSError as error:
            self._touched.set()
            _log.warning("The state cannot be written to %s: %s", self._file.path, error.strerror)
            raise

    def _write(self, file: StateFile) -> None:
        parts = {part.name: msgspec.Raw(msgspec.json.encode(part.dump())) for part in self._parts}
        file.write(
            msgspec.json.encode(_Document(_FORMAT, VERSION, self._tenant_id, self._day, parts))
        )
