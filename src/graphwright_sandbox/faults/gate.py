"""What stands before Microsoft Graph and carries the fault plan out, request by request.

It must not know Graph: it changes whole answers, delays them, or breaks their connection.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphwright_sandbox.asgi import correlation_of, raw_path
from graphwright_sandbox.faults import answers
from graphwright_sandbox.faults.answers import Answer
from graphwright_sandbox.faults.plan import FaultPlan, FaultRule
from graphwright_sandbox.faults.transport import (
    close_connection,
    reset_connection,
    transport_of,
    wait_until_gone,
)
from graphwright_sandbox.inspector import exchange_of

_FLIGHT = 0.05
"""Seconds in which sent bytes reach the client; a RST sent at once would overtake them."""


class FaultGate:
    """An application behind a fault plan.

    `named`: only requests whose path holds this text, and only rules whose path names it too: a
    rule about everything is about Graph, not about sign-in.
    """

    def __init__(self, app: ASGIApp, plan: FaultPlan, named: str = "") -> None:
        self._app = app
        self._plan = plan
        self._named = named

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._plan.rules:
            await self._app(scope, receive, send)
            return
        target = _target(scope)
        is_met = self._named in target
        rule = self._plan.take(scope["method"], target, named=self._named) if is_met else None
        if rule is None:
            await self._app(scope, receive, send)
            return
        exchange_of(scope).notes.append(f"Fault {rule.id}, on purpose: {rule.title}")
        exchange = _Exchange(self._app, scope, receive, send, correlation_of(scope))
        await exchange.suffer(rule)


@dataclass(frozen=True, slots=True)
class _Exchange:
    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send
    correlation: dict[str, str]
    """The headers that tell this request from another."""

    async def suffer(self, rule: FaultRule) -> None:
        """Let the rule's fault happen to this request."""
        if rule.kind == "delay":
            await asyncio.sleep(rule.seconds)
            await self.app(self.scope, self.receive, self.send)
        elif rule.kind == "silence":
            await wait_until_gone(self.receive)
        elif rule.kind in ("reset", "committed-reset"):
            if rule.kind == "committed-reset":
                await self._true_answer()
            await reset_connection(self.scope, self.receive)
        elif rule.kind.startswith("truncated") or rule.kind == "reset-in-body":
            await self._break_off(rule, await self._true_answer())
        elif rule.kind == "huge-body":
            await self._stream(*answers.huge_body(rule))
        else:
            await self._reply(await self._wrong_answer(rule))

    async def _wrong_answer(self, rule: FaultRule) -> Answer:
        moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        inner = {"date": moment, **self.correlation}
        match rule.kind:
            case "error-in-200":
                return answers.error_in_200(rule, inner)
            case "expired-token":
                return answers.expired_token(inner)
            case "claims-challenge":
                return answers.claims_challenge(time.time(), inner)
            case "expired-delta":
                return answers.expired_delta(self._url(), inner)
            case "invalid-json":
                return answers.invalid_json(await self._true_answer())
            case "repeated-items":
                return answers.repeat_items(await self._true_answer())
            case "missing-id":
                return answers.drop_id(await self._true_answer())
            case "gzip-bomb":
                return answers.gzip_bomb(rule)
            case "deep-json":
                return answers.deep_json(rule)
            case "status":
                if rule.committed:
                    await self._true_answer()
                return answers.status_answer(rule, inner)
        return answers.change_next(await self._true_answer(), rule, self._url())

    async def _true_answer(self) -> Answer:
        """Carries the request out and keeps what would have been sent."""
        started: Message = {}
        body = bytearray()

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            else:
                body.extend(message.get("body", b""))

        await self.app(self.scope, self.receive, keep)
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in started.get("headers", ())
        }
        return Answer(started["status"], headers, bytes(body))

    async def _reply(self, answer: Answer) -> None:
        length = {} if answer.status == 204 else {"content-length": str(len(answer.body))}
        await self._start(answer, length)
        await self.send({"type": "http.response.body", "body": answer.body})

    async def _start(self, answer: Answer, extra: dict[str, str]) -> None:
        headers = {**self.correlation, **answer.headers, **extra}
        await self.send(
            {"type": "http.response.start", "status": answer.status, "headers": _encode(headers)}
        )

    async def _break_off(self, rule: FaultRule, answer: Answer) -> None:
        """A part of the true answer, and then the end of the connection."""
        size = len(answer.body) // 2 if rule.size is None else rule.size
        part = answer.body[:size]
        if rule.kind == "truncated-close":
            # Past the HTTP server, which would mark the end of the body.
            plain = answer.without_length()
            lines = [b"HTTP/1.1 %d Broken off" % plain.status]
            lines += [b"%s: %s" % pair for pair in _encode(plain.headers)]
            head = b"\r\n".join([*lines, b"connection: close", b"", b""])
            await close_connection(self.scope, self.receive, head + part)
            return
        length = {"content-length": str(len(answer.body))}
        chunked = rule.kind == "truncated-chunked"
        await self._start(answer.without_length(), {} if chunked else length)
        await self.send({"type": "http.response.body", "body": part, "more_body": True})
        if rule.kind == "reset-in-body":
            await asyncio.sleep(_FLIGHT)
            await reset_connection(self.scope, self.receive)
        else:
            await close_connection(self.scope, self.receive)

    async def _stream(self, answer: Answer, parts: Iterator[bytes]) -> None:
        await self._start(answer, {})
        transport = transport_of(self.scope)
        for part in parts:
            if transport is not None and transport.is_closing():
                return
            await self.send({"type": "http.response.body", "body": part, "more_body": True})
        await self.send({"type": "http.response.body", "body": b""})

    def _url(self) -> str:
        """The request's own address, with its query as it came."""
        return str(Request(self.scope).url)


def _encode(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _target(scope: Scope) -> str:
    """Path and query as sent."""
    query = scope["query_string"].decode("latin-1")
    path = raw_path(scope)
    return f"{path}?{query}" if query else path
