"""The fault plan: rules by which the next matching requests are answered wrongly.

A test or the sandbox's operator adds rules. Requests cannot, so that an application under test
never sees a sandbox that behaves by its own wish. Chance falls the same way under the same seed.
It must not know how a fault is carried out, nor how rules are written down.
"""

import copy
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphwright_sandbox.faults.kinds import KINDS, Kind, Subject


@dataclass
class FaultRule:
    """What happens to matching requests, and to which of them.

    `path` is a regular expression, looked for in path and query, whatever the casing. The first
    `after` matching requests are spared, then each `every`-th falls with `probability`, `times`
    times in all (None: always).
    """

    path: str = ".*"
    method: str | None = None
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str = "application/json"
    times: int | None = 1
    committed: bool = False
    """Whether the request is carried out before its answer is replaced."""
    kind: str = "status"
    after: int = 0
    every: int = 1
    probability: float = 1.0
    retry_after: int | None = None
    """Seconds."""
    retry_after_date: bool = False
    """Whether Retry-After is sent as the date so many seconds from now."""
    seconds: float = 1.0
    size: int | None = None
    """Bytes, or levels, as the kind reads it; None: the kind's own."""
    to: str = ""
    """Where a wrong nextLink leads; empty: the kind's own."""
    error: tuple[str, str] | None = None
    """Code and message of the error; None: the kind's own."""
    id: str = ""
    """Given by the plan."""
    seen: int = 0
    """How many requests matched."""
    hits: int = 0
    """How many of them fell."""
    memory: dict[str, str] = field(default_factory=dict)
    """What the fault remembers from one request to the next."""

    def __post_init__(self) -> None:
        self._pattern = re.compile(self.path, re.IGNORECASE)
        self._chance = random.Random()  # noqa: S311 - varies faults, hides nothing
        self._what: Kind = KINDS[self.kind]

    @property
    def exhausted(self) -> bool:
        """Whether the rule has done all it was to do."""
        return self.times is not None and self.hits >= self.times

    @property
    def title(self) -> str:
        """What happens, for a person."""
        return f"{self._what.title} {self.status}" if self.kind == "status" else self._what.title

    def rewind(self, seed: int) -> None:
        """Back to the start: nothing counted, chance as the seed has it."""
        self.seen, self.hits = 0, 0
        self.memory.clear()
        self._chance.seed(f"{seed}\x1f{self.id}")

    def meets(self, method: str, target: str, subject: Subject) -> bool:
        """Whether the rule is about this request or notification at all."""
        if self._what.subject != subject or self.exhausted:
            return False
        if self.method is not None and self.method.upper() != method:
            return False
        if self._what.only is not None and not self._what.only.search(target):
            return False
        return self._pattern.search(target) is not None

    def falls(self) -> bool:
        """Counts one more matching request and says whether it falls."""
        self.seen += 1
        turn = self.seen - self.after
        fallen = turn > 0 and turn % self.every == 0 and self._chance.random() < self.probability
        self.hits += fallen
        return fallen

    def describe(self) -> dict[str, Any]:
        """The rule and its counts as a JSON value."""
        told: dict[str, Any] = {
            "id": self.id,
            "path": self.path,
            "method": self.method,
            "fault": str(self.status) if self.kind == "status" else self.kind,
            "times": self.times,
            "after": self.after,
            "every": self.every,
            "probability": self.probability,
        }
        if self.retry_after is not None:
            told["retry-after"] = (
                f"date:{self.retry_after}" if self.retry_after_date else self.retry_after
            )
        for name in self._what.parameters:
            if name in ("seconds", "size", "to", "committed"):
                told[name] = getattr(self, name)
        return told | {"seen": self.seen, "hits": self.hits}


class FaultPlan:
    """The rules of one sandbox, in order; the first that falls is used."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self.rules: list[FaultRule] = []
        self._kept: list[FaultRule] = []
        self._last_id = 0

    @property
    def hits(self) -> int:
        """How often any of the present rules fell."""
        return sum(rule.hits for rule in self.rules)

    def add(self, rule: FaultRule, *, keep: bool = False) -> FaultRule:
        """One more rule, under a new id; `keep`: also after a reset."""
        self._last_id += 1
        rule.id = str(self._last_id)
        rule.rewind(self.seed)
        self.rules.append(rule)
        if keep:
            self._kept.append(copy.copy(rule))
        return rule

    def remove(self, rule_id: str) -> bool:
        """Takes one rule out; False where there is none of this id."""
        before = len(self.rules)
        self.rules = [rule for rule in self.rules if rule.id != rule_id]
        return len(self.rules) < before

    def clear(self) -> None:
        """No rule is left."""
        self.rules.clear()

    def reset(self) -> None:
        """The rules the sandbox was started with, as if nothing had been asked yet."""
        self.rules = [copy.copy(rule) for rule in self._kept]
        self._last_id = len(self._kept)
        for rule in self.rules:
            rule.rewind(self.seed)

    def take(
        self, method: str, target: str, subject: Subject = "request", named: str = ""
    ) -> FaultRule | None:
        """The rule that falls on this request (path and query) or notification (resource).

        `named`: only a rule whose path holds this text.
        """
        for rule in self.rules:
            if named in rule.path and rule.meets(method, target, subject) and rule.falls():
                return rule
        return None


def throttled(
    path: str = ".*", *, retry_after: int = 2, times: int | None = 1, method: str | None = None
) -> FaultRule:
    """429 with Retry-After and the body Graph sends with it."""
    return FaultRule(path, method, 429, retry_after=retry_after, error=ERRORS[429], times=times)


ERRORS = {
    400: ("BadRequest", "The request is invalid."),
    401: ("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
    403: ("accessDenied", "Access denied."),
    404: ("itemNotFound", "The resource could not be found."),
    409: ("nameAlreadyExists", "The specified item name already exists."),
    410: ("resyncRequired", "Resync required. Replace any local items with the server's version."),
    423: ("notAllowed", "The resource is locked."),
    429: ("TooManyRequests", "Too many requests"),
    500: ("generalException", "An internal server error occurred."),
    502: ("BadGateway", "The server received an invalid response from an upstream server."),
    503: ("serviceNotAvailable", "The service is temporarily unavailable."),
    504: ("GatewayTimeout", "The server did not receive a timely response from upstream."),
    507: ("quotaLimitReached", "Insufficient space available to complete the operation."),
    509: ("activityLimitReached", "The app or user has been throttled."),
}
"""What Graph says with a status, where a rule does not say it."""
