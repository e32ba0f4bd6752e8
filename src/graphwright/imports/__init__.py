"""Imports: JSON and CSV into the rows of lists, by a mapping.

Knows nothing of requests, flows and pages; it is given items.
"""

from graphwright.imports.apply import Importer, Mode
from graphwright.imports.definition import ChildImport, ImportDefinition
from graphwright.imports.errors import (
    DocumentInvalid,
    ImportFailed,
    ImportIncomplete,
    ImportInvalid,
    SharedListRefused,
)
from graphwright.imports.map import Mapper
from graphwright.imports.report import ImportReport

__all__ = [
    "ChildImport",
    "DocumentInvalid",
    "ImportDefinition",
    "ImportFailed",
    "ImportIncomplete",
    "ImportInvalid",
    "ImportReport",
    "Importer",
    "Mapper",
    "Mode",
    "SharedListRefused",
]
