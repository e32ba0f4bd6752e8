"""ID tokens that a sandbox forges: none of them signs anybody in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from graphwright.kernel.errors import GraphwrightError
from graphwright.profiles import CallbackInvalid, IdTokenInvalid
from graphwright_sandbox.server import Sandbox
from tests.profiles.conftest import MovableClock, Workshop
from tests.sandbox.conftest import SECRET, TENANT_ID, WEB_ID

OTHER_TENANT = "99999999-2222-4333-8444-555555555555"
Forge = Callable[[dict[str, Any], "Sandbox"], str]


def sign_with(claims: dict[str, Any], sandbox: Sandbox, **header: Any) -> str:
    key = sandbox.entra.keys.current
    headers = {"kid": key.kid} | header
    return jwt.encode(claims, key.private_key, algorithm="RS256", headers=headers)


def forge(**changes: Any) -> Forge:
    def make(claims: dict[str, Any], sandbox: Sandbox) -> str:
        kept = {name: value for name, value in (claims | changes).items() if value is not None}
        return sign_with(kept, sandbox)

    return make


def forge_issuer(claims: dict[str, Any], sandbox: Sandbox) -> str:
    return sign_with(claims | {"iss": f"https://evil.example/{TENANT_ID}/v2.0"}, sandbox)


def forge_tenant(claims: dict[str, Any], sandbox: Sandbox) -> str:
    issuer = claims["iss"].replace(TENANT_ID, OTHER_TENANT)
    return sign_with(claims | {"iss": issuer, "tid": OTHER_TENANT}, sandbox)


def forge_expiry(claims: dict[str, Any], sandbox: Sandbox) -> str:
    past = claims["iat"] - 7200
    return sign_with(claims | {"iat": past, "nbf": past, "exp": past + 3600}, sandbox)


def forge_start(claims: dict[str, Any], sandbox: Sandbox) -> str:
    return sign_with(claims | {"nbf": claims["iat"] + 900}, sandbox)


def forge_signature(claims: dict[str, Any], sandbox: Sandbox) -> str:
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(
        claims, own, algorithm="RS256", headers={"kid": sandbox.entra.keys.current.kid}
    )


def forge_unsigned(claims: dict[str, Any], sandbox: Sandbox) -> str:
    headers = {"kid": sandbox.entra.keys.current.kid}
    return jwt.encode(claims, "", algorithm="none", headers=headers)


def forge_symmetric(claims: dict[str, Any], sandbox: Sandbox) -> str:
    headers = {"kid": sandbox.entra.keys.current.kid}
    return jwt.encode(claims, SECRET * 2, algorithm="HS256", headers=headers)


def forge_key(claims: dict[str, Any], sandbox: Sandbox) -> str:
    return sign_with(claims, sandbox, kid="unknown")


FORGERIES: list[tuple[str, Forge, str]] = [
    ("issuer", forge_issuer, "another authority"),
    ("audience", forge(aud="someone-else"), "another application"),
    ("several audiences", forge(aud=[WEB_ID, "someone-else"]), "another application"),
    ("tenant", forge_tenant, "another authority or tenant"),
    ("tenant claim", forge(tid=OTHER_TENANT), "another tenant"),
    ("expiry", forge_expiry, "has expired"),
    ("start", forge_start, "not valid yet"),
    ("signature", forge_signature, "signature"),
    ("no signature", forge_unsigned, "RS256"),
    ("symmetric", forge_symmetric, "RS256"),
    ("key", forge_key, "authority lacks"),
    ("no subject", forge(sub=None), "sub"),
    ("no expiry", forge(exp=None), "exp"),
    ("expiry of text", forge(exp="tomorrow"), "no time"),
    ("nonsense", lambda claims, sandbox: "a.b.c", "not understood"),
    ("empty", lambda claims, sandbox: "", "not understood"),
]


@pytest.mark.parametrize(
    ("make", "reason"), [row[1:] for row in FORGERIES], ids=[row[0] for row in FORGERIES]
)
async def test_a_forged_id_token_is_refused_and_nothing_is_stored(
    workshop: Workshop,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    make: Forge,
    reason: str,
) -> None:
    forge_id_tokens(monkeypatch, sandbox, make)
    profiles = workshop.open()
    with pytest.raises(GraphwrightError, match=reason):
        await workshop.sign_in(profiles)
    assert workshop.database.read_sync(count_rows) == (0, 0)
    monkeypatch.undo()
    assert (await workshop.sign_in(profiles)).name == "Ada Lovelace"


async def test_a_forged_nonce_is_refused(
    workshop: Workshop, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nonce in ("forged", None):
        forge_id_tokens(monkeypatch, sandbox, forge(nonce=nonce))
        with pytest.raises(CallbackInvalid, match="does not answer"):
            await workshop.sign_in(workshop.open())
    assert workshop.database.read_sync(count_rows) == (0, 0)


async def test_a_user_of_another_tenant_is_refused_where_the_profile_names_one(
    workshop: Workshop, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the authority itself would let them in."""
    forge_id_tokens(monkeypatch, sandbox, forge(tid=OTHER_TENANT))
    with pytest.raises(IdTokenInvalid):
        await workshop.sign_in(workshop.open(), "any-tenant")
    with pytest.raises(IdTokenInvalid):
        await workshop.sign_in(workshop.open(), "domain")


async def test_keys_that_were_rotated_are_read_again(
    workshop: Workshop, sandbox: Sandbox, clock: MovableClock
) -> None:
    profiles = workshop.open()
    await workshop.sign_in(profiles)
    sandbox.entra.keys.rotate()
    clock.offset += timedelta(minutes=2)
    assert (await workshop.sign_in(profiles)).name == "Ada Lovelace"


def forge_id_tokens(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, make: Forge) -> None:
    """Lets the sandbox send other ID tokens than its own."""
    tokens = sandbox.entra.tokens
    genuine = tokens.issue_id_token

    def issue(*args: Any, **options: Any) -> str:
        claims = jwt.decode(genuine(*args, **options), options={"verify_signature": False})
        return make(claims, sandbox)

    monkeypatch.setattr(tokens, "issue_id_token", issue)


def count_rows(connection: Any) -> tuple[int, int]:
    return tuple(
        connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608
        for table in ("_principals", "_accounts")
    )
