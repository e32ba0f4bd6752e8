"""The ``claims`` parameter: what a client can do, and what a resource asked for by it.

It must not know tokens.
"""

from __future__ import annotations

import json

from graphwright_sandbox.entra.errors import EntraError

CONTINUOUS_ACCESS = "CP1"
"""The capability of a client that answers claims challenges."""


def read_capabilities(claims: str | None) -> frozenset[str]:
    """The client capabilities (``xms_cc``) of a claims request; AADSTS9002313 where it is none."""
    if claims is None:
        return frozenset()
    try:
        request = json.loads(claims)
    except (ValueError, RecursionError):
        raise EntraError(9002313) from None
    found: object = request
    for name in ("access_token", "xms_cc", "values"):
        if found is not None and not isinstance(found, dict):
            raise EntraError(9002313)
        found = found.get(name) if isinstance(found, dict) else None
    if found is None:
        return frozenset()
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise EntraError(9002313)
    return frozenset(one.upper() for one in found if one.upper() == CONTINUOUS_ACCESS)


def challenge(not_before: int) -> str:
    """The claims that a token issued too early is to be exchanged with."""
    wanted = {"nbf": {"essential": True, "value": str(not_before)}}
    return json.dumps({"access_token": wanted}, separators=(",", ":"))
