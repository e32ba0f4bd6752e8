"""Encryption at rest: AES-256-GCM with a key id before every blob and associated data binding it.

A blob moved to another row (other `bound_to`), edited, or written under another key is detected.
"""

import json
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from graphwright.kernel.errors import GraphwrightError, Unavailable

_KEY_ID_BYTES = 4
_NONCE_BYTES = 12


class WrongKey(Unavailable):
    """The data was encrypted with a key that is not in the key file."""

    code = "wrongKey"
    retryable = False


class Tampered(GraphwrightError):
    """Encrypted data was changed, cut or moved to another row."""

    code = "tampered"


class Keyring:
    """The keys of one key file; the first encrypts, all decrypt."""

    def __init__(self, keys: dict[bytes, bytes], source: str = "memory") -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = next(iter(keys))
        self._source = source

    @classmethod
    def generate(cls) -> "Keyring":
        """A keyring with one new key, kept nowhere."""
        return cls({secrets.token_bytes(_KEY_ID_BYTES): AESGCM.generate_key(256)})

    @classmethod
    def open(cls, path: Path) -> "Keyring":
        """The keyring of a key file, made (mode 0600) where there is none.

        Raises `WrongKey` where the file is no key file.
        """
        if not path.exists():
            _create_key_file(path)
        try:
            content = json.loads(path.read_text("ascii"))
            keys = {bytes.fromhex(k["id"]): bytes.fromhex(k["key"]) for k in content["keys"]}
            return cls(keys, str(path))
        except (ValueError, KeyError, TypeError, StopIteration) as error:
            raise WrongKey(
                f"{path} is not a key file.", hint="Restore it from a backup, or name another one."
            ) from error

    def encrypt(self, data: bytes, bound_to: str) -> bytes:
        """The encrypted blob: key id, nonce, ciphertext; it decrypts only with the same `bound_to`."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, data, bound_to.encode())
        return self._current + nonce + sealed

    def decrypt(self, blob: bytes, bound_to: str) -> bytes:
        """The data of a blob. Raises `WrongKey` (unknown key id) or `Tampered`."""
        key_id, rest = bytes(blob[:_KEY_ID_BYTES]), bytes(blob[_KEY_ID_BYTES:])
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise WrongKey(
                "The stored data was encrypted with another key.",
                hint=f"The key file in use is {self._source}. Restore the key file that belongs to "
                "this data, or name it in GRAPHWRIGHT_KEY_FILE.",
            )
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], bound_to.encode())
        except (InvalidTag, ValueError) as error:
            raise Tampered("Encrypted data was changed or does not belong here.") from error


def _create_key_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = {"id": secrets.token_bytes(_KEY_ID_BYTES).hex(), "key": AESGCM.generate_key(256).hex()}
    content = json.dumps({"keys": [key]})
    try:
        # O_EXCL: two processes starting at once must not end up with two different keys.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(content)
