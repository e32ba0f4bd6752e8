"""Expressions and templates: JSONata behind one adapter, with limits, native getters for paths.

The only folder that imports the engine. Knows nothing of flows, lists or requests: it is given a
scope or an item and gives back a JSON value.
"""

from graphwright.expressions.errors import ExpressionFailed, ExpressionInvalid
from graphwright.expressions.expression import Expression, compile_expression
from graphwright.expressions.functions import FUNCTIONS
from graphwright.expressions.getters import MISSING, Missing
from graphwright.expressions.template import Template, compile_template, text_of

__all__ = [
    "FUNCTIONS",
    "MISSING",
    "Expression",
    "ExpressionFailed",
    "ExpressionInvalid",
    "Missing",
    "Template",
    "compile_expression",
    "compile_template",
    "text_of",
]
