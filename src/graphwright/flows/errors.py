"""What can go wrong with a flow."""

from datetime import datetime

from graphwright.kernel.errors import (
    Conflict,
    GraphwrightError,
    InvalidInput,
    ModelInvalid,
    NotFound,
    Unavailable,
)
from graphwright.kernel.times import format_instant


class FlowInvalid(ModelInvalid):
    """The flow, as it stands in the model, cannot be run."""

    code = "flowInvalid"


class InputInvalid(InvalidInput):
    """A flow was started with inputs it does not declare, or without one it requires."""

    code = "inputInvalid"


class PageInActionFlow(ModelInvalid):
    """An action flow came to a node that needs a person in front of a browser."""

    code = "pageInActionFlow"


class PauseInParallel(ModelInvalid):
    """An item of a loop whose items run on their own came to a node that needs a person."""

    code = "pauseInParallel"


class TooManySteps(GraphwrightError):
    """A flow ran through more nodes than allowed: most likely it goes round for ever."""

    code = "tooManySteps"


class StateTooLarge(GraphwrightError):
    """The variables of a flow grew over what is kept between two pages."""

    code = "stateTooLarge"


class StepExpired(NotFound):
    """The step is not kept any more, or is not this session's."""

    code = "stepExpired"


class StepSpent(Conflict):
    """What this step asked for was already sent; the facts name the step where the user is."""

    code = "stepSpent"


class SubmissionUnknown(Conflict):
    """The server stopped while this submission ran: nobody knows whether it was done."""

    code = "submissionUnknown"


class RunInterrupted(Unavailable):
    """The process that ran the flow stopped before it came to an end or to a page."""

    code = "runInterrupted"
    retryable = False


class RunDeferred(Unavailable):
    """The service takes nothing more before a time, so the action flow ended; facts: `not_before`."""

    code = "runDeferred"

    def __init__(self, flow: str, not_before: datetime, *, wrote: bool = False) -> None:
        moment = format_instant(not_before)
        super().__init__(
            f"The flow {flow} is deferred: the service takes no more requests before {moment}.",
            hint="It has written before: look what is done, for it begins at its start when it is "
            "run again."
            if wrote
            else "Run it again then: an import goes on where it stopped.",
            not_before=moment,
        )
        self.not_before = not_before
        self.wrote = wrote
        """Whether it has sent a request that writes: a person decides whether it is run again."""
