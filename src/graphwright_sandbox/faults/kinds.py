"""The kinds of faults by name: what each is called, what it takes, whom it meets.

It must not know how a fault is carried out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Subject = Literal["request", "notification"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault."""

    name: str
    title: str
    """What happens, for a person."""
    parameters: tuple[str, ...] = ()
    """What a rule may set beside path, method and how often."""
    only: re.Pattern[str] | None = None
    """Requests whose path and query it can meet at all; None: every one."""
    lasting: bool = False
    """Whether a rule that does not say how often means always: a loop of one answer is none."""
    subject: Subject = "request"


_DELTA_TOKEN = re.compile(
    r"[?&]((\$|%24)?deltatoken|(\$|%24)?skiptoken|token)=|\(token=", re.IGNORECASE
)


def _table(kinds: Iterable[Kind]) -> dict[str, Kind]:
    return {kind.name: kind for kind in kinds}


KINDS = _table(
    (
        Kind(
            "status",
            "Answered with status",
            ("status", "retry-after", "code", "message", "body", "content-type", "committed"),
        ),
        Kind("delay", "The true answer, late", ("seconds",)),
        Kind("silence", "No byte until the client gives up"),
        Kind("reset", "The connection is reset before anything is done"),
        Kind("committed-reset", "Carried out, then the connection is reset"),
        Kind("reset-in-body", "Reset in the middle of the true answer", ("size",)),
        Kind("truncated", "Ends before the Content-Length it announced", ("size",)),
        Kind("truncated-chunked", "Chunked, and ends without the last chunk", ("size",)),
        Kind("truncated-close", "Without a length: the end of the connection ends it", ("size",)),
        Kind("invalid-json", "An answer that is not JSON"),
        Kind("error-in-200", "Status 200, and the body is an error", ("code", "message")),
        Kind("expired-token", "401 although the token is good"),
        Kind("claims-challenge", "401 with a claims challenge"),
        Kind("expired-delta", "410: the delta token is too old", only=_DELTA_TOKEN),
        Kind("next-loop", "The nextLink leads to the same page", lasting=True),
        Kind("next-loop-of-two", "The second page leads back to the first", lasting=True),
        Kind("next-host", "The nextLink leads to another host", ("to",)),
        Kind("next-scheme", "The nextLink leads to another scheme", ("to",)),
        Kind("next-port", "The nextLink leads to another port", ("to",)),
        Kind("repeated-items", "Every item of the page comes twice"),
        Kind("missing-id", "The first item has no id"),
        Kind("gzip-bomb", "A small gzip body that unpacks to a huge one", ("size",)),
        Kind("huge-body", "A body of this many bytes", ("size",)),
        Kind("deep-json", "JSON nested this deep", ("size",)),
        Kind("duplicate-notification", "A notification is delivered twice", subject="notification"),
        Kind("lost-notification", "A notification is not delivered", subject="notification"),
    )
)
"""Every kind, by its name."""
