"""What can go wrong in the modeler."""

from graphwright.kernel.errors import Conflict, InvalidInput, NotFound


class DocumentMissing(NotFound):
    """The draft has no such document."""

    code = "documentMissing"


class DocumentChanged(Conflict):
    """The document is not the one that an edit was made on."""

    code = "documentChanged"


class DocumentExists(Conflict):
    """There is a document of that name already."""

    code = "documentExists"


class DocumentInConflict(Conflict):
    """The file was changed on disk while the draft was changed too."""

    code = "documentInConflict"


class NameInvalid(InvalidInput):
    """No document may have that name."""

    code = "nameInvalid"


class ConfirmationNeeded(Conflict):
    """A write is sent only where the person said so."""

    code = "confirmationNeeded"
