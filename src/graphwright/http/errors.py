"""What can be wrong with a request, and what a server can answer.

Every text here is fit for a person to read: hosts and paths may stand in it, query values, headers,
tokens and bodies never do.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from graphwright.kernel.errors import Conflict, GraphwrightError, InvalidInput, Place, Refused
from graphwright.kernel.times import parse_instant

if TYPE_CHECKING:
    from graphwright.http.response import Response

Outcome = Literal["failed", "unknown"]


class InvalidRequest(InvalidInput):
    """The request cannot be built from its definition and the values it was given."""

    code = "invalidRequest"


class HostRefused(Refused):
    """The request would go to a host that it may not go to; nothing was sent there."""

    code = "hostRefused"


class ReferralRefused(HostRefused):
    """A server that was asked leads on to such a host, by a redirect or a next page."""


class HttpError(GraphwrightError):
    """The server refused or failed, or nothing came back. `status` is the status it answered.

    `outcome` says whether a write may have been carried out all the same: `failed` or `unknown`.
    """

    code = "httpError"
    status = 502

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        place: Place | None = None,
        status: int | None = None,
        graph_code: str | None = None,
        request_id: str | None = None,
        response: "Response | None" = None,
        **facts: Any,
    ) -> None:
        super().__init__(message, hint=hint, place=place, **facts)
        if status is not None:
            # The family's status is a constant of the class; here it is what the server said.
            self.status = status  # type: ignore[misc]
        self.graph_code = graph_code
        self.request_id = request_id
        self.response = response
        self.outcome: Outcome = "failed"
        self.retries = 0
        self.waited = 0.0
        said = {"status": status, "graph_code": graph_code, "request_id": request_id}
        self.facts.update({name: value for name, value in said.items() if value is not None})
        self.facts["outcome"] = self.outcome

    def tell(self, outcome: Outcome, retries: int, waited: float, budget: dict[str, Any]) -> None:
        """Adds how the request went: what is known of it, how often and long it was retried."""
        self.outcome, self.retries, self.waited = outcome, retries, waited
        self.facts.update(
            outcome=outcome, retries=retries, waited_s=round(waited, 3), budget=budget
        )


class NoAnswer(HttpError):
    """No server was reached, or it fell silent, or its answer was cut off."""

    code = "noAnswer"
    status = 503
    retryable = True


class ServiceBusy(HttpError):
    """The server says: not now (408, 429, 5xx)."""

    code = "serviceBusy"
    retryable = True


class ServiceDeferred(ServiceBusy):
    """The service says: not before a time for which one request does not wait. Nothing was done."""

    code = "serviceDeferred"

    @classmethod
    def of(cls, busy: HttpError) -> "ServiceDeferred":
        """The same refusal, of which the time is worth noting; facts say `not_before`."""
        return cls(
            busy.message,
            hint=busy.hint,
            status=busy.facts.get("status"),
            graph_code=busy.graph_code,
            request_id=busy.request_id,
            response=busy.response,
        )

    @property
    def not_before(self) -> datetime:
        """When the service may be asked again."""
        return parse_instant(self.facts["not_before"])


class ResponseInvalid(HttpError):
    """The server answered with something that is not what it says it is."""

    code = "responseInvalid"


class ResponseTooLarge(HttpError):
    """The response is larger than what is read into memory."""

    code = "responseTooLarge"


class CollectionLoop(HttpError):
    """The pages of a collection repeat: following them would never end."""

    code = "collectionLoop"


class CollectionTooLarge(InvalidInput):
    """The collection is larger than what may be read at once."""

    code = "collectionTooLarge"


class FileTooLarge(InvalidInput):
    """A file is larger than may be stored."""

    code = "fileTooLarge"
    status = 413


class FileChanged(Conflict):
    """A file became another one while it was on its way."""

    code = "fileChanged"


class FileBusy(Conflict):
    """A file is being written by somebody else."""

    code = "fileBusy"
    retryable = True
