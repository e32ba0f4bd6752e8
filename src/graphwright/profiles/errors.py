"""What can go wrong with an authorization profile.

No error here holds a token, code or secret: texts of an authorization server pass `foreign_text`.
"""

import re

from graphwright.kernel.errors import (
    InvalidInput,
    ModelInvalid,
    NotFound,
    Refused,
    SignInRequired,
    Unavailable,
)

_OPAQUE = re.compile(r"[A-Za-z0-9_~.+/=-]{44,}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LONGEST_TEXT = 400


class AuthorizationRequired(SignInRequired):
    """The profile has no usable account of this principal: a user must sign in."""

    code = "authorizationRequired"


class ConsentRefused(Refused):
    """The user, or a policy in their name, did not agree to what the profile asks for."""

    code = "consentRefused"


class CallbackInvalid(InvalidInput):
    """The answer that came to the redirect URL does not belong to a sign-in begun here."""

    code = "callbackInvalid"


class IdTokenInvalid(Refused):
    """The ID token does not prove who the user is: signature, issuer, audience, nonce or time."""

    code = "idTokenInvalid"


class TokenRequestFailed(Unavailable):
    """The authorization server refused; the facts hold its codes and the ids of the request."""

    code = "tokenRequestFailed"
    status = 502
    retryable = False


class AuthorityUnavailable(Unavailable):
    """The authorization server does not answer, or not in a way that can be trusted."""

    code = "authorityUnavailable"


class ProfileInvalid(ModelInvalid):
    """The profile, with its settings filled in, cannot be used."""

    code = "profileInvalid"


class ProfileUnknown(NotFound):
    """The application has no profile of that name."""

    code = "profileUnknown"


def foreign_text(text: str) -> str:
    """A text of another server, fit to be shown: one short line with nothing token-like in it."""
    return _OPAQUE.sub("…", _UNPRINTABLE.sub(" ", text)).strip()[:_LONGEST_TEXT]
