"""What a call shows of who sends it: a token, a password, a certificate.

They are fetched when a call is sent and kept in none. Knows nothing of answers and retries.
"""

import asyncio
import base64

from graphwright.http.call import Call
from graphwright.http.certificates import ClientCertificate, ClientCertificates
from graphwright.http.hosts import check_encrypted
from graphwright.http.ports import SettingsShape, TokenSource
from graphwright.http.transport import trust
from graphwright.kernel.clock import Clock


class Credentials:
    """The tokens and secrets of one application, by call."""

    def __init__(self, profiles: TokenSource, settings: SettingsShape, clock: Clock) -> None:
        self._profiles = profiles
        self._settings = settings
        self._clock = clock
        self._certificates = ClientCertificates(lambda: trust(None))

    async def authorization(self, call: Call, *, refresh: bool, claims: str | None) -> str | None:
        """The header Authorization; `refresh`: with a token that is new, `claims` in it."""
        kind = call.authentication
        if kind.type == "oauth2" and call.profile is not None:
            token = await self._profiles.access_token(
                call.profile,
                call.principal_id,
                account=call.account,
                refresh=refresh,
                claims=claims,
            )
            return f"Bearer {token.value}"
        if kind.type == "basic":
            password = self._settings.secret(kind.password_secret or "")
            pair = f"{kind.username}:{password}".encode()
            return f"Basic {base64.b64encode(pair).decode('ascii')}"
        return None

    async def certificate(self, call: Call, url: str) -> ClientCertificate | None:
        """The client certificate, for where the connection is encrypted; else `HostRefused`."""
        kind = call.authentication
        if kind.type != "client_certificate":
            return None
        check_encrypted(url)
        name = kind.certificate_secret or ""
        text = self._settings.secret(name)
        passphrase = (
            self._settings.secret(kind.passphrase_secret) if kind.passphrase_secret else None
        )
        # Deriving a key from a passphrase takes its time.
        return await asyncio.to_thread(
            self._certificates.find, name, text, passphrase, self._clock.now()
        )
