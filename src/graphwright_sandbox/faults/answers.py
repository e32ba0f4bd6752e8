"""True answers made wrong: links, items, bodies. Pure functions over status, headers and bytes.

It must not know connections nor rules' counts.
"""

import base64
import json
import re
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from email.utils import formatdate
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec

from graphwright_sandbox.faults.plan import ERRORS, FaultRule

_DRIVE = re.compile(r"/drives?(/|$)", re.IGNORECASE)
_TOKEN = re.compile(r"((\$|%24)?(delta|skip))?token=", re.IGNORECASE)
_SYNC_STATE = (
    "syncStateNotFound",
    (
        "The sync state generation is not found. The delta token is expired and data must be "
        "synchronized again."
    ),
)
NEXT = "@odata.nextLink"
Inner = Mapping[str, str]
"""Date and ids of the request, as they stand in `innerError`."""
_BLOCK = 1024 * 1024
_HUGE = 256 * _BLOCK
_DEEP = 100_000
_CHALLENGE = (
    'Bearer realm="", '
    'authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", '
    'client_id="00000003-0000-0000-c000-000000000000"'
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes = b""

    def without_length(self) -> "Answer":
        headers = {name: text for name, text in self.headers.items() if name != "content-length"}
        return replace(self, headers=headers)


def make_answer(status: int, body: bytes, headers: dict[str, str] | None = None) -> Answer:
    """An answer of JSON unless the headers say otherwise."""
    given = {name.lower(): value for name, value in (headers or {}).items()}
    return Answer(status, {"content-type": "application/json", **given}, body)


def error_body(error: tuple[str, str], inner: Inner) -> bytes:
    """The body of Graph's error: code and message, and what tells one request from another."""
    code, message = error
    return msgspec.json.encode({"error": {"code": code, "message": message, "innerError": inner}})


def status_answer(rule: FaultRule, inner: Inner) -> Answer:
    """The status a rule asks for, with its headers and body."""
    headers = {"Content-Type": rule.content_type, **rule.headers}
    if rule.retry_after is not None:
        date = formatdate(time.time() + rule.retry_after, usegmt=True)
        headers["Retry-After"] = date if rule.retry_after_date else str(rule.retry_after)
    body = rule.body
    if not body and rule.error is not None:
        body = error_body(rule.error, inner)
    return make_answer(rule.status, body, headers)


def error_in_200(rule: FaultRule, inner: Inner) -> Answer:
    """Success by its status, a failure by its body."""
    return make_answer(200, error_body(rule.error or ("UnknownError", ""), inner))


def expired_token(inner: Inner) -> Answer:
    """What Graph says when a token's time is over."""
    challenge = f'{_CHALLENGE}, error="invalid_token"'
    return make_answer(401, error_body(ERRORS[401], inner), {"WWW-Authenticate": challenge})


def claims_challenge(now: float, inner: Inner) -> Answer:
    """What Graph says when a session was revoked: come with a token issued after now."""
    wanted = {"access_token": {"nbf": {"essential": True, "value": str(int(now))}}}
    claims = base64.b64encode(json.dumps(wanted).encode()).decode()
    message = (
        "Continuous access evaluation resulted in challenge with result: InteractionRequired "
        "and code: TokenIssuedBeforeRevocationTimestamp"
    )
    body = error_body(("InvalidAuthenticationToken", message), inner)
    challenge = f'{_CHALLENGE}, error="insufficient_claims", claims="{claims}"'
    return make_answer(401, body, {"WWW-Authenticate": challenge})


def expired_delta(url: str, inner: Inner) -> Answer:
    """410, and where the reader starts anew: without its token, else as before."""
    path, _, query = url.partition("?")
    kept = [part for part in query.split("&") if part and not _TOKEN.match(part)]
    restart = f"{path}?{'&'.join([*kept, '$deltatoken='])}"
    error = ERRORS[410] if _DRIVE.search(path) else _SYNC_STATE
    return make_answer(410, error_body(error, inner), {"Location": restart})


def invalid_json(answer: Answer) -> Answer:
    """The true body up to its middle, then what no JSON reader takes."""
    body = answer.body[: len(answer.body) // 2] + b"\x00,]"
    return _with_body(answer, body)


def change_next(answer: Answer, rule: FaultRule, url: str) -> Answer:
    """The page with a nextLink that leads where the rule's kind says."""
    page = _read_page(answer)
    if page is None:
        return answer
    if rule.kind == "next-loop":
        page[NEXT] = url
    elif rule.kind == "next-loop-of-two":
        first = rule.memory.setdefault("first", url)
        if first != url or NEXT not in page:
            page[NEXT] = first
    else:
        page[NEXT] = _elsewhere(page.get(NEXT, url), rule)
    return _with_json(answer, page)


def repeat_items(answer: Answer) -> Answer:
    """Every item of the page twice."""
    page = _read_page(answer)
    if page is None:
        return answer
    page["value"] = [item for item in page["value"] for _ in range(2)]
    return _with_json(answer, page)


def drop_id(answer: Answer) -> Answer:
    """The first item, or the only one, without its id."""
    value = _read_object(answer)
    if value is None:
        return answer
    items = value.get("value")
    item = items[0] if isinstance(items, list) and items else value
    if isinstance(item, dict):
        item.pop("id", None)
    return _with_json(answer, value)


def deep_json(rule: FaultRule) -> Answer:
    """Arrays in arrays."""
    depth = _DEEP if rule.size is None else rule.size
    return make_answer(200, b'{"value":' + b"[" * depth + b"]" * depth + b"}")


def huge_body(rule: FaultRule) -> tuple[Answer, Iterator[bytes]]:
    """A collection of one endless text: its head, and its bytes in parts."""
    return make_answer(200, b""), _huge_parts(_HUGE if rule.size is None else rule.size)


def gzip_bomb(rule: FaultRule) -> Answer:
    """The huge body as gzip: about a thousandth of what it unpacks to."""
    size = _HUGE if rule.size is None else rule.size
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed, checksum, unpacked, repeated = bytearray(), 0, 0, b""
    for part in _huge_parts(size):
        checksum = zlib.crc32(part, checksum)
        unpacked += len(part)
        if len(part) == _BLOCK and repeated:
            # After a full flush every equal block packs to the same bytes.
            packed += repeated
            continue
        one = packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)
        repeated = one if len(part) == _BLOCK else b""
        packed += one
    packed += packer.flush()
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    tail = checksum.to_bytes(4, "little") + (unpacked & 0xFFFFFFFF).to_bytes(4, "little")
    return make_answer(200, head + bytes(packed) + tail, {"Content-Encoding": "gzip"})


def _huge_parts(size: int) -> Iterator[bytes]:
    head, tail = b'{"value":[{"id":"', b'"}]}'
    left = max(size - len(head) - len(tail), 0)
    yield head
    block = b"A" * _BLOCK
    for _ in range(left // _BLOCK):
        yield block
    yield block[: left % _BLOCK] + tail


def _elsewhere(link: str, rule: FaultRule) -> str:
    parts = urlsplit(link)
    if rule.to:
        target = urlsplit(rule.to if "//" in rule.to else f"//{rule.to}")
        scheme = target.scheme or parts.scheme
        return urlunsplit(parts._replace(scheme=scheme, netloc=target.netloc))
    if rule.kind == "next-scheme":
        return urlunsplit(parts._replace(scheme="http"))
    host = "elsewhere.invalid" if rule.kind == "next-host" else parts.hostname or ""
    port = (parts.port or 443) + (rule.kind == "next-port")
    return urlunsplit(parts._replace(netloc=f"{host}:{port}"))


def _read_object(answer: Answer) -> dict[str, Any] | None:
    if answer.status != 200 or "json" not in answer.headers.get("content-type", ""):
        return None
    value = msgspec.json.decode(answer.body)
    return value if isinstance(value, dict) else None


def _read_page(answer: Answer) -> dict[str, Any] | None:
    value = _read_object(answer)
    return value if value is not None and isinstance(value.get("value"), list) else None


def _with_json(answer: Answer, value: dict[str, Any]) -> Answer:
    return _with_body(answer, msgspec.json.encode(value))


def _with_body(answer: Answer, body: bytes) -> Answer:
    return replace(answer.without_length(), body=body)
