"""What can be wrong with an expression: its text (found by `check`), or its run."""

from graphwright.kernel.errors import InvalidInput, ModelInvalid


class ExpressionInvalid(ModelInvalid):
    """The text is no expression. Facts: `source`, `position` (from 0), `path` in a tree."""

    code = "expressionInvalid"


class ExpressionFailed(InvalidInput):
    """The expression could not be evaluated, or exceeded a limit.

    Facts: `source`, `reason`, and `position` (from 0) where it is known.
    """

    code = "expressionFailed"
