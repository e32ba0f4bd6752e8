"""Faults on purpose: rules by which the next matching requests are answered wrongly.

A test (or the sandbox's operator) appends to `app.state.faults`. Requests cannot set rules, so
that an application under test never sees a sandbox that behaves by its own wish.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class FaultRule:
    """Answers matching requests instead of Graph, `times` times (None: always).

    `committed`: the request is carried out first and only its answer is replaced.
    `cut_after`: the true answer is sent, but the connection ends after so many bytes.
    """

    path: str = ".*"
    method: str | None = None
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str = "application/json"
    times: int | None = 1
    committed: bool = False
    cut_after: int | None = None

    def matches(self, method: str, path_and_query: str) -> bool:
        if self.times is not None and self.times <= 0:
            return False
        if self.method is not None and self.method.upper() != method:
            return False
        return re.search(self.path, path_and_query, re.IGNORECASE) is not None


@dataclass
class Faults:
    """The rules of one application, in order; the first that matches is used."""

    rules: list[FaultRule] = field(default_factory=list)
    hits: int = 0

    def add(self, rule: FaultRule) -> FaultRule:
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        self.rules.clear()

    def take(self, method: str, path_and_query: str) -> FaultRule | None:
        """The rule for this request, counted as used."""
        for rule in self.rules:
            if rule.matches(method, path_and_query):
                if rule.times is not None:
                    rule.times -= 1
                self.hits += 1
                return rule
        return None


def throttled(
    path: str = ".*", *, retry_after: int = 2, times: int | None = 1, method: str | None = None
) -> FaultRule:
    """429 with Retry-After and the body Graph sends with it."""
    return FaultRule(
        path,
        method,
        429,
        {"Retry-After": str(retry_after)},
        b'{"error":{"code":"TooManyRequests","message":"Too many requests","innerError":{}}}',
        times=times,
    )
