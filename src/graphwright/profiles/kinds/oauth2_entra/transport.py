"""The HTTP way to an authority: verified TLS, time-outs, no proxies, no cookies, no redirects.

MSAL gets it as its `http_client`. Discovery documents are kept for a day, errors never: MSAL's own
cache would repeat a refusal for a minute after its cause was cured.
"""

import json
import ssl
import threading
import time
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import certifi
import requests
from requests.adapters import HTTPAdapter

from graphwright.kernel.values import JsonObject
from graphwright.profiles.errors import AuthorityUnavailable, ProfileInvalid

_TIMEOUTS = (10.0, 30.0)
_DISCOVERY_LIFETIME = 24 * 3600.0
_DISCOVERY = "/.well-known/openid-configuration"


class AuthorityTransport:
    """Sends requests to one authority. Safe to use from several threads."""

    def __init__(self, ca_file: str) -> None:
        self._session = requests.Session()
        # REQUESTS_CA_BUNDLE and proxy variables would silently win over what the profile says.
        self._session.trust_env = False
        # One session serves all users: nothing may be carried from one to the next.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.mount("https://", _Adapter(_trust(ca_file)))
        self._lock = threading.Lock()
        self._documents: dict[str, tuple[float, requests.Response]] = {}

    def get(self, url: str, params: Any = None, headers: Any = None, **_: Any) -> requests.Response:
        """A GET, as MSAL asks for it; a discovery document may be the one kept."""
        kept = self._kept(url)
        if kept is not None:
            return kept
        response = self._send("GET", url, params=params, headers=headers)
        if response.ok and url.endswith(_DISCOVERY):
            _read_object(response)
            with self._lock:
                self._documents[url] = (time.monotonic() + _DISCOVERY_LIFETIME, response)
        return response

    def post(
        self, url: str, params: Any = None, data: Any = None, headers: Any = None, **_: Any
    ) -> requests.Response:
        """A POST, as MSAL asks for it; the answer is JSON, else `AuthorityUnavailable`."""
        response = self._send("POST", url, params=params, data=data, headers=headers)
        # MSAL would write an answer that is no JSON, tokens and all, into the log.
        _read_object(response)
        return response

    def read(self, url: str) -> tuple[int, JsonObject]:
        """The status and the JSON object at a URL."""
        response = self.get(url)
        return response.status_code, _read_object(response)

    def kept_document(self, url: str) -> JsonObject | None:
        """The discovery document, if it is at hand without a request."""
        kept = self._kept(url)
        return None if kept is None else _read_object(kept)

    def close(self) -> None:
        """Ends connections."""
        self._session.close()

    def _kept(self, url: str) -> requests.Response | None:
        with self._lock:
            until, response = self._documents.get(url, (0.0, None))
        return response if time.monotonic() < until else None

    def _send(self, method: str, url: str, **options: Any) -> requests.Response:
        try:
            response = self._session.request(
                method, url, timeout=_TIMEOUTS, allow_redirects=False, **options
            )
        except requests.RequestException as error:
            raise _unreachable(url, error) from None
        if response.status_code == 429 or response.status_code >= 500:
            raise AuthorityUnavailable(
                f"{urlsplit(url).netloc} answered {response.status_code}.",
                hint="Try again in a moment.",
                status=response.status_code,
                **_retry_after(response.headers),
            )
        if 300 <= response.status_code < 400:
            raise AuthorityUnavailable(
                f"{urlsplit(url).netloc} answered with a redirect, which is not followed.",
                hint="Check authority and cloud of the profile.",
                status=response.status_code,
            )
        return response


class _Adapter(HTTPAdapter):
    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._context, **options)


def _trust(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certifi.where())
    if ca_file:
        try:
            context.load_verify_locations(Path(ca_file))
        except (OSError, ssl.SSLError) as error:
            raise ProfileInvalid(
                f"The file {ca_file} holds no certificate that can be read.",
                hint="ca_file names a PEM file with the certificate of an authority.",
            ) from error
    return context


def _read_object(response: requests.Response) -> JsonObject:
    try:
        content = json.loads(response.text)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise AuthorityUnavailable(
            f"{urlsplit(response.url).netloc} did not answer with JSON "
            f"(status {response.status_code}).",
            hint="Check authority and cloud of the profile.",
            status=response.status_code,
        )
    return content


def _retry_after(headers: Mapping[str, str]) -> dict[str, Any]:
    value = headers.get("Retry-After", "")
    return {"retry_after": min(int(value), 3600)} if value.isascii() and value.isdigit() else {}


def _unreachable(url: str, error: requests.RequestException) -> AuthorityUnavailable:
    host = urlsplit(url).netloc
    if isinstance(error, requests.exceptions.SSLError):
        return AuthorityUnavailable(
            f"The certificate of {host} is not trusted.",
            hint="If the host has its own certificate authority, name its file in ca_file.",
        )
    if isinstance(error, requests.Timeout):
        return AuthorityUnavailable(
            f"{host} did not answer in time.", hint="Check the network, then try again."
        )
    return AuthorityUnavailable(
        f"{host} cannot be reached.", hint="Check the network and the profile's authority."
    )
