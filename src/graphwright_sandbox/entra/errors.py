"""The errors of Entra ID, and their shape on the wire.

It must not know when an error is due.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import JSONResponse

from graphwright_sandbox.entra.error_catalogue import CATALOGUE, ErrorKind


class EntraError(Exception):
    """A request that Entra ID refuses."""

    catalogue: Mapping[int, ErrorKind] = CATALOGUE

    def __init__(self, code: int, *, error: str | None = None, **facts: str) -> None:
        kind = self.catalogue[code]
        self.code = code
        self.error = error or kind.error
        self.status = kind.status
        self.suberror = kind.suberror
        self.text = kind.text.format(**facts)
        super().__init__(f"AADSTS{code}: {self.text}")


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """An error as one request meets it: with its time and the ids that name the request."""

    cause: EntraError
    timestamp: str
    trace_id: str
    correlation_id: str

    @classmethod
    def of(cls, cause: EntraError, now: datetime, correlation_id: str | None = None) -> ErrorReport:
        return cls(
            cause=cause,
            timestamp=now.strftime("%Y-%m-%d %H:%M:%SZ"),
            trace_id=str(uuid.uuid4()),
            correlation_id=_guid_or_new(correlation_id),
        )

    @property
    def description(self) -> str:
        return (
            f"{self.cause} Trace ID: {self.trace_id} Correlation ID: {self.correlation_id} "
            f"Timestamp: {self.timestamp}"
        )

    @property
    def error_uri(self) -> str:
        return f"https://login.microsoftonline.com/error?code={self.cause.code}"

    def to_json(self) -> dict[str, object]:
        body: dict[str, object] = {
            "error": self.cause.error,
            "error_description": self.description,
            "error_codes": [self.cause.code],
            "timestamp": self.timestamp,
            "trace_id": self.trace_id,
            "correlation_id": self.correlation_id,
            "error_uri": self.error_uri,
        }
        if self.cause.suberror:
            body["suberror"] = self.cause.suberror
        return body

    def to_response(self) -> JSONResponse:
        headers = {
            "Cache-Control": "no-store",
            "Pragma": "no-cache",
            "x-ms-request-id": self.trace_id,
            "client-request-id": self.correlation_id,
        }
        return JSONResponse(self.to_json(), status_code=self.cause.status, headers=headers)


def _guid_or_new(value: str | None) -> str:
    # Only a GUID is echoed: anything else a caller sends stays out of our answers.
    try:
        return str(uuid.UUID(value)) if value else str(uuid.uuid4())
    except ValueError:
        return str(uuid.uuid4())
