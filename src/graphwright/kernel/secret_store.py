"""Secrets that were typed once: an encrypted file, read when a secret is looked for.

Each value is encrypted by the key file, bound to its name: a value moved to another name, edited, or
written under another key is detected. Names are readable, values never; no error holds one.
"""

import base64
import binascii
import json
import os
import re
import tempfile
from pathlib import Path

from graphwright.kernel.encryption import Keyring, Tampered, WrongKey
from graphwright.kernel.errors import InvalidInput, NotFound, Unavailable

SECRET_FILE = "secrets.json"  # noqa: S105 - a file's name
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,99}")
_LONGEST_VALUE = 10_000
_LONGEST_PEM = 30_000


class SecretNameInvalid(InvalidInput):
    """No secret may have that name."""

    code = "secretNameInvalid"


class SecretValueInvalid(InvalidInput):
    """The value is none that can be kept."""

    code = "secretValueInvalid"


class SecretNotStored(NotFound):
    """The store holds no secret of that name."""

    code = "secretNotStored"


class SecretStoreBroken(Unavailable):
    """The file of the secret store cannot be read, written or decrypted."""

    code = "secretStoreBroken"
    retryable = False


class SecretStore:
    """The secrets of one application. It makes no file and no key before the first secret."""

    def __init__(self, path: Path, key_file: Path) -> None:
        self._path = path
        self._key_file = key_file

    def names(self) -> list[str]:
        """The names of the secrets that are kept."""
        return sorted(self._read())

    def find(self, name: str) -> str | None:
        """The value, or None where there is none. `SecretStoreBroken` where it cannot be decrypted."""
        sealed = self._read().get(name)
        if sealed is None:
            return None
        if not self._key_file.exists():
            raise self._broken(
                f"The secret {name} was stored with a key file that is not there any more.",
                f"Restore {self._key_file}, name another one in GRAPHWRIGHT_KEY_FILE, or store the "
                "secret again.",
            )
        try:
            blob = base64.b64decode(sealed, validate=True)
            return Keyring.open(self._key_file).decrypt(blob, _binding(name)).decode()
        except WrongKey as error:
            raise self._broken(
                f"The secret {name} was stored with another key than that of {self._key_file}.",
                "Name the right key file in GRAPHWRIGHT_KEY_FILE, or store the secret again.",
            ) from error
        except (Tampered, binascii.Error, ValueError):
            raise self._broken(
                f"The stored secret {name} was changed, or belongs to another name.",
                "Store it again.",
            ) from None

    @staticmethod
    def check_name(name: str) -> None:
        """Raises `SecretNameInvalid` for a name that no secret may have."""
        if not _NAME.fullmatch(name):
            raise SecretNameInvalid(
                f"{name[:80]!r} cannot be the name of a secret.",
                hint="Names are capital letters, digits and _, such as MY_APP_CLIENT_SECRET.",
            )

    def put(self, name: str, value: str) -> None:
        """Keeps a secret, in the place of the one of that name."""
        self.check_name(name)
        if not _can_be_kept(value):
            raise SecretValueInvalid(
                "The secret is empty, longer than 10,000 characters, or not one line of text.",
                hint="Copy it once more, without spaces and line ends around it.",
            )
        values = self._read()
        sealed = Keyring.open(self._key_file).encrypt(value.encode(), _binding(name))
        self._write({**values, name: base64.b64encode(sealed).decode("ascii")})

    def remove(self, name: str) -> None:
        """Forgets a secret; `SecretNotStored`."""
        values = self._read()
        if name not in values:
            raise SecretNotStored(
                f"The store holds no secret {name[:80]!r}.",
                hint="Secrets of the environment and of .env are removed there.",
            )
        self._write({key: value for key, value in values.items() if key != name})

    def _read(self) -> dict[str, str]:
        try:
            values = json.loads(self._path.read_text("utf-8"))["secrets"]
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError):
            values = None
        if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
            raise self._broken(
                f"{self._path} is no store of secrets.",
                "Restore it from a backup, or remove it and store the secrets again.",
            )
        return values

    def _write(self, values: dict[str, str]) -> None:
        text = json.dumps({"format": 1, "secrets": dict(sorted(values.items()))}, indent=1) + "\n"
        part = ""
        try:
            folder = self._path.parent
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            ignore = folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", "ascii")
            # Whoever reads meanwhile gets the old file or the new one; mkstemp makes it 0600.
            handle, part = tempfile.mkstemp(dir=folder, prefix=".secrets-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(self._path)
        except OSError as error:
            if part:
                Path(part).unlink(missing_ok=True)
            raise self._broken(
                f"{self._path} cannot be written: {error.strerror}.",
                "Check the space on the disk and the rights of the folder.",
            ) from error

    def _broken(self, message: str, hint: str) -> SecretStoreBroken:
        return SecretStoreBroken(message, hint=hint)


def _can_be_kept(value: str) -> bool:
    """One line; or PEM text, the one kind of secret that has several (RFC 7468)."""
    if "-----BEGIN " not in value:
        return 0 < len(value) <= _LONGEST_VALUE and value.isprintable()
    lines = value.expandtabs().splitlines()
    return len(value) <= _LONGEST_PEM and all(line.isprintable() for line in lines)


def _binding(name: str) -> str:
    return f"secret|{name}"
