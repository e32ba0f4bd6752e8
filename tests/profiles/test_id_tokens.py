"""The verifier of ID tokens alone: keys, tenants, times; forgeries on the whole way are elsewhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from graphwright.profiles import IdTokenInvalid
from graphwright.profiles.id_tokens import IdTokenVerifier, Provider
from tests.profiles.conftest import MovableClock

TENANT = "11111111-2222-4333-8444-555555555555"
OTHER = "99999999-2222-4333-8444-555555555555"
BASE = "https://login.example"
ONE = Provider(f"{BASE}/{TENANT}/v2.0", f"{BASE}/keys")
ANY = Provider(f"{BASE}/{{tenantid}}/v2.0", f"{BASE}/keys")
KEYS = {
    name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("one", "two")
}


def jwk(name: str, **changes: Any) -> dict[str, Any]:
    public: dict[str, Any] = RSAAlgorithm.to_jwk(KEYS[name].public_key(), as_dict=True)
    return {**public, "kid": name, "use": "sig"} | changes


class Directory:
    """Publishes keys and counts who asks."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.keys = list(keys)
        self.asked = 0

    def read(self, url: str) -> dict[str, Any]:
        assert url == f"{BASE}/keys"
        self.asked += 1
        return {"keys": self.keys}


def token(key: str = "one", **changes: Any) -> str:
    now = int(datetime.now(UTC).timestamp())
    claims = {
        "iss": f"{BASE}/{TENANT}/v2.0",
        "aud": "app",
        "sub": "somebody",
        "tid": TENANT,
        "nonce": "n",
        "iat": now,
        "exp": now + 600,
    } | changes
    return jwt.encode(claims, KEYS[key], algorithm="RS256", headers={"kid": key})


def verify(verifier: IdTokenVerifier, text: str, provider: Provider = ONE, **more: Any) -> Any:
    return verifier.verify(text, provider=provider, client_id="app", nonce="n", **more)


def test_a_genuine_token_gives_its_claims(clock: MovableClock) -> None:
    verifier = IdTokenVerifier(Directory(jwk("one")).read, clock)
    assert verify(verifier, token())["sub"] == "somebody"


def test_keys_are_read_once_for_many_tokens_in_many_threads(clock: MovableClock) -> None:
    directory = Directory(jwk("one"))
    verifier = IdTokenVerifier(directory.read, clock)
    text = token()
    with ThreadPoolExecutor(8) as pool:
        subjects = list(pool.map(lambda _: verify(verifier, text)["sub"], range(32)))
    assert subjects == ["somebody"] * 32
    assert directory.asked == 1


def test_an_unknown_key_is_looked_up_again_but_not_for_every_token(clock: MovableClock) -> None:
    directory = Directory(jwk("one"))
    verifier = IdTokenVerifier(directory.read, clock)
    verify(verifier, token())
    for _ in range(5):
        with pytest.raises(IdTokenInvalid, match="authority lacks"):
            verify(verifier, token("two"))
    assert directory.asked == 1
    directory.keys.append(jwk("two"))
    clock.offset = timedelta(minutes=1)
    assert verify(verifier, token("two"))["sub"] == "somebody"
    assert directory.asked == 2


def test_a_key_that_was_withdrawn_is_forgotten_within_a_day(clock: MovableClock) -> None:
    directory = Directory(jwk("one"))
    verifier = IdTokenVerifier(directory.read, clock)
    verify(verifier, token())
    directory.keys = [jwk("two")]
    clock.offset = timedelta(days=1, minutes=1)
    later = int(clock.now().timestamp())
    with pytest.raises(IdTokenInvalid, match="authority lacks"):
        verify(verifier, token(iat=later, exp=later + 600))


@pytest.mark.parametrize(
    "keys", [None, "x", [], [{}], [{"kid": "one", "kty": "oct", "k": "c2VjcmV0"}], [7]]
)
def test_keys_that_cannot_sign_are_no_keys(clock: MovableClock, keys: Any) -> None:
    verifier = IdTokenVerifier(lambda url: {"keys": keys}, clock)
    with pytest.raises(IdTokenInvalid):
        verify(verifier, token())


def test_a_key_for_encryption_does_not_sign(clock: MovableClock) -> None:
    verifier = IdTokenVerifier(Directory(jwk("one", use="enc")).read, clock)
    with pytest.raises(IdTokenInvalid, match="authority lacks"):
        verify(verifier, token())


def test_a_broken_key_is_refused(clock: MovableClock) -> None:
    verifier = IdTokenVerifier(Directory(jwk("one", n="AQAB", e="")).read, clock)
    with pytest.raises(IdTokenInvalid):
        verify(verifier, token())


def test_any_tenant_may_come_where_the_issuer_says_so(clock: MovableClock) -> None:
    verifier = IdTokenVerifier(Directory(jwk("one")).read, clock)
    text = token(iss=f"{BASE}/{OTHER}/v2.0", tid=OTHER)
    assert verify(verifier, text, ANY)["tid"] == OTHER
    with pytest.raises(IdTokenInvalid, match="another tenant"):
        verify(verifier, text, ANY, tenant_id=TENANT)
    with pytest.raises(IdTokenInvalid, match="another authority"):
        verify(verifier, text, ONE)


@pytest.mark.parametrize("tenant", [None, "", "a/b", "{tenantid}", 7, "é"])
def test_a_tenant_that_is_none_is_refused(clock: MovableClock, tenant: Any) -> None:
    verifier = IdTokenVerifier(Directory(jwk("one")).read, clock)
    with pytest.raises(IdTokenInvalid):
        verify(verifier, token(iss=f"{BASE}/{tenant}/v2.0", tid=tenant), ANY)


def test_a_key_of_one_tenant_signs_for_that_tenant_only(clock: MovableClock) -> None:
    key = jwk("one", issuer=f"{BASE}/{TENANT}/v2.0")
    verifier = IdTokenVerifier(Directory(key).read, clock)
    assert verify(verifier, token(), ANY)["tid"] == TENANT
    with pytest.raises(IdTokenInvalid, match="key of another tenant"):
        verify(verifier, token(iss=f"{BASE}/{OTHER}/v2.0", tid=OTHER), ANY)


@pytest.mark.parametrize(
    ("minutes", "accepted"), [(14, True), (16, False), (-4, True), (-6, False)]
)
def test_clocks_may_differ_by_five_minutes(
    clock: MovableClock, minutes: int, accepted: bool
) -> None:
    verifier = IdTokenVerifier(Directory(jwk("one")).read, clock)
    clock.offset = timedelta(minutes=minutes)
    if accepted:
        assert verify(verifier, token())["sub"] == "somebody"
    else:
        with pytest.raises(IdTokenInvalid):
            verify(verifier, token())


@pytest.mark.parametrize("changes", [{"exp": True}, {"iat": None}, {"nbf": "x"}, {"sub": ""}])
def test_claims_of_the_wrong_type_are_refused(clock: MovableClock, changes: dict[str, Any]) -> None:
    verifier = IdTokenVerifier(Directory(jwk("one")).read, clock)
    with pytest.raises(IdTokenInvalid):
        verify(verifier, token(**changes))


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "é.é.é", "e30.e30.", "." * 5000])
def test_what_is_no_token_is_refused(clock: MovableClock, text: str) -> None:
    verifier = IdTokenVerifier(Directory(jwk("one")).read, clock)
    with pytest.raises(IdTokenInvalid):
        verify(verifier, text)
