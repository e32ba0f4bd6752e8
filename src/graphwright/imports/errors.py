"""What can be wrong with an import, a document, or a run of an import."""

from graphwright.kernel.errors import Conflict, InvalidInput, ModelInvalid, Refused


class ImportInvalid(ModelInvalid):
    """The import does not fit its list. Facts: `list`, `field`."""

    code = "importInvalid"


class ImportFailed(InvalidInput):
    """An item met a policy that says `fail`. Facts: `where`. Never holds the item's values."""

    code = "importFailed"


class ImportIncomplete(Conflict):
    """An import was to be finished although not all of its pages came."""

    code = "importIncomplete"


class SharedListRefused(Refused):
    """A user's response was to go into a list all see, and the import does not say `share`."""

    code = "sharedListRefused"


class DocumentInvalid(InvalidInput):
    """A document is no JSON and no CSV, or has no items."""

    code = "documentInvalid"
