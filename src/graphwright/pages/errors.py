"""What can be wrong with a page or with what a browser sends for it."""

from collections.abc import Mapping

from graphwright.kernel.errors import InvalidInput, ModelInvalid, NotFound


class PageInvalid(ModelInvalid):
    """The page, as it stands in the model, cannot be opened."""

    code = "pageInvalid"


class PartUnknown(NotFound):
    """The page has no such part with rows."""

    code = "partUnknown"


class ExitUnknown(InvalidInput):
    """The page offers no such exit."""

    code = "exitUnknown"


class RowsQueryInvalid(InvalidInput):
    """A sort, filter, search or range of rows that the page does not offer."""

    code = "rowsQueryInvalid"


class RangeInvalid(InvalidInput):
    """A range without start and end, or of an impossible length."""

    code = "rangeInvalid"


class FormInvalid(InvalidInput):
    """Values of a form that cannot be taken; `fields` has a message for each."""

    code = "formInvalid"

    def __init__(self, fields: Mapping[str, str]) -> None:
        count = len(fields)
        super().__init__(
            "One value cannot be taken." if count == 1 else f"{count} values cannot be taken.",
            hint="See the messages at the fields.",
            fields=dict(fields),
        )
        self.fields = dict(fields)
