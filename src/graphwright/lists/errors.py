"""What can be wrong with a list, its definition, a value or a query."""

from graphwright.kernel.errors import Conflict, InvalidInput, ModelInvalid, NotFound


class ListInvalid(ModelInvalid):
    """Definitions that do not fit together. Facts: `list`, `path` in its definition."""

    code = "listInvalid"


class ListChangeRefused(Conflict):
    """The table cannot follow the changed definition without losing rows. Facts: `problems`."""

    code = "listChangeRefused"


class Mistyped(InvalidInput):
    """A value does not fit its field's type. Never holds the value."""

    code = "valueMistyped"


class QueryInvalid(InvalidInput):
    """A query names an unknown field or operator, or a value of another type."""

    code = "queryInvalid"


class ListUnknown(NotFound):
    """There is no database list of this name."""

    code = "listNotFound"


class RowNotFound(NotFound):
    """This owner has no row of this key."""

    code = "rowNotFound"
