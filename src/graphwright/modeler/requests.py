"""A request of the model, given by the browser: read, and built with given values as its node does.

Sends nothing. Who it is sent as is an account of the draft's profiles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from graphwright.flows.context import describe_now
from graphwright.flows.definition import NodeDefinition
from graphwright.http.build import build_call
from graphwright.http.call import Call
from graphwright.http.definition import (
    BasicAuthentication,
    CertificateAuthentication,
    OAuth2Authentication,
    RequestDefinition,
)
from graphwright.http.errors import InvalidRequest
from graphwright.http.ports import ProfilesShape
from graphwright.kernel.errors import InvalidInput, Place
from graphwright.kernel.values import JsonValue
from graphwright.modeler.accounts import KnownAccount, find_account, list_accounts
from graphwright.profiles.errors import AuthorizationRequired
from graphwright.profiles.service import Profiles

_OF_THE_NODE = frozenset({*NodeDefinition.model_fields, "response"})


class AccountNeeded(InvalidInput):
    """Several people are signed in to the profile: one is to be chosen."""

    code = "accountNeeded"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a request is sent as; `name` is for people, None: nobody."""

    name: str | None = None
    account: KnownAccount | None = None


def read_request(raw: JsonValue) -> RequestDefinition:
    """The definition, also of a whole http_request node; `InvalidRequest` names the wrong field."""
    if not isinstance(raw, Mapping):
        raise InvalidRequest("A request is an object with method, url and so on.")
    own = {name: value for name, value in raw.items() if name not in _OF_THE_NODE}
    try:
        return RequestDefinition.model_validate(own)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(step) for step in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise InvalidRequest(
            f"The request is wrong{f' in {field}' if field else ''}: {reason}.".replace("..", "."),
            place=Place(field=field or None),
        ) from None


async def find_sender(
    definition: RequestDefinition, profiles: Profiles, account: str | None
) -> Sender:
    """Who sends it. Raises `AuthorizationRequired` where nobody is signed in to a user's profile,
    `AccountNeeded` where several are and none is named, `AccountMissing`.
    """
    authentication = definition.authentication
    if isinstance(authentication, BasicAuthentication):
        return Sender(authentication.username)
    if isinstance(authentication, CertificateAuthentication):
        return Sender(f"the client certificate {authentication.certificate.secret}")
    if not isinstance(authentication, OAuth2Authentication):
        return Sender()
    name = authentication.profile
    profile = profiles.definition(name)
    if profile.flavour == "application":
        title, said = profile.title or name, "the application"
        return Sender(title if said in title.lower() else f"{title} ({said})")
    if account is not None:
        known = await find_account(profiles, account, name)
        return Sender(known.account.username, known)
    found = [one for one in await list_accounts(profiles) if one.account.profile == name]
    if len(found) == 1:
        return Sender(found[0].account.username, found[0])
    if found:
        raise AccountNeeded(
            f"{len(found)} accounts are signed in to {profile.title or name}.",
            hint="Choose which one sends the request.",
        )
    raise AuthorizationRequired(
        f"A sign-in to {profile.title or name} is needed. Nobody is signed in.",
        hint="Test the profile to sign in.",
        profile=name,
    )


def build_request(
    definition: RequestDefinition,
    values: Mapping[str, JsonValue],
    *,
    profiles: ProfilesShape,
    sender: Sender,
    now: datetime,
    time_zone: str = "UTC",
) -> Call:
    """The call with these values; `now` and `user` are the clock's and the sender's where absent."""
    known = sender.account
    user = known and {
        "id": known.principal.id,
        "name": known.principal.name,
        "email": known.principal.email,
        "time_zone": time_zone,
    }
    scope = {
        "input": {},
        "error": None,
        "user": user,
        "now": describe_now(now, time_zone),
        **values,
    }
    return build_call(
        definition,
        scope,
        profiles=profiles,
        principal_id=known.principal.id if known else None,
        account=known.account.home_account_id if known else None,
    )
