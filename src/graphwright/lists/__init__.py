"""Lists: named, typed rows in SQL tables, each row with its owner.

Knows nothing of requests, flows and pages. Rows come in through imports.
"""

from graphwright.lists.changes import Change, Plan
from graphwright.lists.definition import (
    FIELD_TYPES,
    FieldDefinition,
    FieldType,
    ListDefinition,
    ListProblem,
    find_problems,
)
from graphwright.lists.errors import (
    ListChangeRefused,
    ListInvalid,
    ListUnknown,
    Mistyped,
    QueryInvalid,
    RowNotFound,
)
from graphwright.lists.lists import Lists
from graphwright.lists.query import (
    Filter,
    RangeFilter,
    RowPage,
    RowQuery,
    Sort,
    bind_owner,
    parse_filters,
    parse_sort,
)
from graphwright.lists.tables import ListTable, build_tables, path_of

__all__ = [
    "FIELD_TYPES",
    "Change",
    "FieldDefinition",
    "FieldType",
    "Filter",
    "ListChangeRefused",
    "ListDefinition",
    "ListInvalid",
    "ListProblem",
    "ListTable",
    "ListUnknown",
    "Lists",
    "Mistyped",
    "Plan",
    "QueryInvalid",
    "RangeFilter",
    "RowNotFound",
    "RowPage",
    "RowQuery",
    "Sort",
    "bind_owner",
    "build_tables",
    "find_problems",
    "parse_filters",
    "parse_sort",
    "path_of",
]
