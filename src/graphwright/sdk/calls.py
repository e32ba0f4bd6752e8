"""Requests as Python writes them, made into calls. Knows no credential and sends nothing."""

from __future__ import annotations

import json as json_module
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from graphwright.http.call import IDEMPOTENT_METHODS, Authentication, Call, creates_event_once
from graphwright.http.errors import InvalidRequest
from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.values import JsonValue

if TYPE_CHECKING:
    from graphwright.sdk.credentials import Access

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


class Options(TypedDict, total=False):
    """What every request may say besides its path."""

    select: Sequence[str]
    expand: str | Sequence[str]
    filter: str
    orderby: str | Sequence[str]
    search: str
    top: int
    skip: int
    count: bool
    query: Mapping[str, str | int | bool]
    """Parameters that have no name here, such as startDateTime."""
    headers: Mapping[str, str]
    timeout: float
    """Seconds that the answer may take."""


_SYSTEM_OPTIONS = ("select", "expand", "filter", "orderby", "search", "top", "skip", "count")


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a batch."""

    method: str
    path: str
    json: JsonValue = field(default=None, repr=False)
    options: Options = field(default_factory=Options)


def make_call(
    access: Access,
    method: str,
    path: str,
    options: Options,
    *,
    json: JsonValue = None,
    content: bytes | str | None = None,
    paged: bool = False,
) -> Call:
    """The call of a request; `InvalidRequest` or `HostRefused` where there cannot be one."""
    from graphwright.http.hosts import canonical_url

    _check_options(options)
    method = method.upper()
    if method not in METHODS:
        raise InvalidRequest(f"{method[:20]!r} is no method.", hint=", ".join(sorted(METHODS)))
    headers = dict(options.get("headers", {}))
    body = _make_body(json, content, headers)
    url = canonical_url(_make_url(access.base_url, path, options))
    return Call(
        method=method,
        url=url,
        headers=headers,
        body=body,
        authentication=Authentication("oauth2"),
        profile=access.profile,
        principal_id=access.principal_id,
        idempotent=method in IDEMPOTENT_METHODS or creates_event_once(method, url, json),
        path_template=path.partition("?")[0],
        timeout=options.get("timeout"),
        paged=paged,
    )


def _check_options(options: Options) -> None:
    unknown = options.keys() - Options.__annotations__.keys()
    if unknown:
        raise InvalidInput(
            f"A request has no option {min(unknown)}.",
            hint="Parameters without a name of their own go into `query`.",
        )


def _make_url(base_url: str, path: str, options: Options) -> str:
    from graphwright.http.url import encode_query

    if "#" in path:
        raise InvalidRequest("The path holds a #.", hint="Write %23, or quote what fills it.")
    if not path.startswith(("/", "https://", "http://")) or path.startswith("//"):
        raise InvalidRequest(
            "The path begins with no slash.", hint="It looks like /me/messages, or is a whole URL."
        )
    url = base_url + path if path.startswith("/") else path
    pairs = [
        (f"${name}", _text(options[name]))  # type: ignore[literal-required]
        for name in _SYSTEM_OPTIONS
        if name in options
    ]
    pairs += [(name, _text(value)) for name, value in options.get("query", {}).items()]
    if not pairs:
        return url
    return f"{url}{'&' if '?' in url else '?'}{encode_query(pairs)}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, list | tuple) else str(value)


def _make_body(
    json: JsonValue, content: bytes | str | None, headers: dict[str, str]
) -> bytes | None:
    """The bytes to send; says in the headers what they are, unless they do."""
    if content is not None and json is not None:
        raise InvalidRequest("A request has one body: json or content.")
    if json is not None:
        try:
            text = json_module.dumps(json, ensure_ascii=False, allow_nan=False)
            body = text.encode("utf-8")
        except (TypeError, ValueError, RecursionError) as error:
            raise InvalidRequest("The body holds a value that JSON cannot hold.") from error
        _name_type(headers, "application/json")
        return body
    if content is None:
        return None
    is_text = isinstance(content, str)
    _name_type(headers, "text/plain; charset=utf-8" if is_text else "application/octet-stream")
    return content.encode("utf-8") if isinstance(content, str) else bytes(content)


def _name_type(headers: dict[str, str], kind: str) -> None:
    if not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = kind
