"""What the portal refuses."""

from graphwright.kernel.errors import Conflict, InvalidInput, Refused


class AccessRefused(Refused):
    """Somebody is signed in, but the model gives this to people with another role."""

    code = "accessRefused"


class SignInReplayed(Conflict):
    """The answer of the authorization server was used before."""

    code = "signInReplayed"


class SignInUnknown(InvalidInput):
    """The answer belongs to no sign-in begun here, or to one that took too long."""

    code = "signInUnknown"


class SignInElsewhere(Refused):
    """The sign-in was begun in another browser, or by somebody else in this one."""

    code = "signInElsewhere"
