"""What an answer comes to: success, or a failure with what may be done about it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from graphwright.http.call import Call
from graphwright.http.errors import (
    HttpError,
    NoAnswer,
    ResponseInvalid,
    ResponseTooLarge,
    ServiceBusy,
)
from graphwright.http.explain import (
    claims_challenge,
    hint_for,
    is_error_object,
    read_error,
)
from graphwright.http.hosts import authority_of
from graphwright.http.response import BodyInvalid, Response, is_json, read_body
from graphwright.http.retry import parse_retry_after
from graphwright.http.transport import Exchange, Stream, TransportFault
from graphwright.kernel.values import JsonValue

ContentReader = Callable[[bytes], object | None]
"""Reads the JSON of a 200 in a way of its own; None: it is to be read the usual way."""
# A server that does not know how, or has no room, will not the next time either.
_PERMANENT = frozenset({501, 505, 507})


@dataclass(frozen=True, slots=True)
class Answer:
    """A success."""

    status: int
    headers: dict[str, str] = field(repr=False)
    body: JsonValue = field(repr=False)
    url: str = field(repr=False)
    request_id: str | None
    size: int
    retries: int = 0
    waited: float = 0.0
    stream: Stream | None = field(default=None, repr=False)
    """The body where it was left unread."""


class Failure(Exception):
    """A try that came to nothing, and whether another may follow."""

    def __init__(
        self,
        error: HttpError,
        *,
        again: bool = False,
        repeat: bool = False,
        unsure: bool = False,
        unauthorized: bool = False,
        claims: str | None = None,
        retry_after: float | None = None,
        cause: BaseException | None = None,
    ) -> None:
        super().__init__(error.message)
        self.error = error
        self.again = again
        """Another try is safe whatever the method: nothing was carried out."""
        self.repeat = repeat
        """Another try may help, and is safe where the method is idempotent."""
        self.unsure = unsure
        """A write may have been carried out."""
        self.unauthorized = unauthorized
        self.claims = claims
        self.retry_after = retry_after
        self.cause = cause

    def may_repeat(self, call: Call) -> bool:
        """Whether another try of this call is safe, and may help."""
        return self.again or (self.repeat and call.idempotent)

    @property
    def gone(self) -> bool:
        """Whether the thing is not there."""
        return self.error.facts.get("status") in (404, 410)

    @property
    def is_throttled(self) -> bool:
        """Whether the service takes no more from anybody like us."""
        return self.error.facts.get("status") in (429, 503)

    def as_deleted(self, retries: int, waited: float) -> Answer:
        """The success of a deletion that finds nothing left to delete."""
        return Answer(204, {}, None, "", self.error.request_id, 0, retries, waited)


def judge(
    call: Call,
    exchange: Exchange,
    now: datetime,
    authorized: bool,
    permission: str | None,
    read: ContentReader | None = None,
) -> Answer:
    """The answer of an exchange, or the `Failure` that it is; its body is what `read` makes of it."""
    status, headers = exchange.status, exchange.headers
    content = b"" if call.method == "HEAD" else exchange.content
    request_id = headers.get("request-id") or headers.get("x-ms-request-id")
    found = read(content) if read and status == 200 and is_json(headers) else None
    if found is not None:
        return Answer(status, headers, found, exchange.url, request_id, len(content))
    try:
        body = read_body(status, headers, content)
    except BodyInvalid as invalid:
        if status < 400:
            error = ResponseInvalid(
                f"{authority_of(exchange.url)} sent a response that is no JSON, though it says so.",
                hint="It may have been cut off on the way.",
                status=status,
                request_id=request_id,
            )
            raise Failure(error, repeat=True, unsure=True, cause=invalid) from invalid
        body = content.decode("utf-8", "replace")
    if (status < 300 or status == 304) and not is_error_object(body):
        return Answer(status, headers, body, exchange.url, request_id, len(content))
    response = Response(status, headers, body, exchange.url, request_id, size=len(content))
    raise _failure(call, response, now, authorized, permission)


def _failure(
    call: Call, response: Response, now: datetime, authorized: bool, permission: str | None
) -> Failure:
    status, headers = response.status, response.headers
    said = read_error(response.body)
    busy = status in (408, 429) or (status >= 500 and status not in _PERMANENT)
    disguised = status < 300
    later = busy or (disguised and said.is_transient)
    where = f"{call.method} {call.path_template} at {authority_of(response.url)}"
    what = f"{status}{' with an error' if disguised else ''}{f' {said.code}' if said.code else ''}"
    if 300 <= status < 400:
        message = f"{where} answered {status}: a redirect that is not followed."
    else:
        message = f"{where} answered {what}{f': {said.message}' if said.message else '.'}"
    kind = ServiceBusy if later else HttpError
    error = kind(
        message,
        hint=hint_for(503 if disguised and later else status, said.code, permission),
        status=status,
        graph_code=said.code,
        request_id=response.request_id or said.request_id,
        response=response,
    )
    return Failure(
        error,
        again=status == 429,
        repeat=later,
        unsure=status == 408 or status >= 500 or disguised,
        unauthorized=status == 401 and authorized and call.authentication.type == "oauth2",
        claims=claims_challenge(headers.get("www-authenticate")) if status == 401 else None,
        retry_after=parse_retry_after(headers.get("retry-after"), now) if later else None,
    )


def no_answer(call: Call, authority: str, fault: TransportFault) -> Failure:
    """The failure where no whole answer came."""
    error = NoAnswer(
        f"{call.method} {call.path_template}: no answer from {authority}: {fault.reason}.",
        hint=fault.hint or "Look at the network, then try again.",
    )
    return Failure(
        error,
        again=fault.again and not fault.sent,
        repeat=fault.again,
        unsure=fault.sent,
        cause=fault,
    )


def too_large(call: Call, most: int) -> ResponseTooLarge:
    """The error for an answer that is not read to its end."""
    return ResponseTooLarge(
        f"The answer to {call.method} {call.path_template} is larger than "
        f"{most // 1_000_000} MB, which is all that is read into memory.",
        hint="Ask for less with $select, $filter or $top.",
    )
