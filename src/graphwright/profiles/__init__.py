"""Authorization profiles: whom requests are sent as, how it is proved, where tokens are kept."""

from graphwright.profiles.definition import Profile
from graphwright.profiles.errors import (
    AuthorityUnavailable,
    AuthorizationRequired,
    CallbackInvalid,
    ConsentRefused,
    IdTokenInvalid,
    ProfileInvalid,
    ProfileUnknown,
    TokenRequestFailed,
)
from graphwright.profiles.principals import Principal
from graphwright.profiles.service import Profiles
from graphwright.profiles.tokens import (
    AccessToken,
    Account,
    Flavour,
    PendingAuthorization,
    PrincipalId,
)

__all__ = [
    "AccessToken",
    "Account",
    "AuthorityUnavailable",
    "AuthorizationRequired",
    "CallbackInvalid",
    "ConsentRefused",
    "Flavour",
    "IdTokenInvalid",
    "PendingAuthorization",
    "Principal",
    "PrincipalId",
    "Profile",
    "ProfileInvalid",
    "ProfileUnknown",
    "Profiles",
    "TokenRequestFailed",
]
