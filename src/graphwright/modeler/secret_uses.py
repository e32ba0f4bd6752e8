"""Which settings and secrets the draft's documents name, and where each of them is set. No values."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from graphwright.kernel.settings import Settings
from graphwright.modeler.wire.profiles import SecretWire

_REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(:-[^}]*)?\}")
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,99}")


def list_secrets(values: Mapping[str, Any], settings: Settings) -> list[SecretWire]:
    """Every secret and setting that documents (their values by name) read, or that is stored."""
    used: dict[tuple[str, str], dict[str, None]] = {}
    defaults: set[str] = set()
    for document, value in values.items():
        for kind, name, has_default in _names_in(value, ()):
            if kind == "setting" and not document.startswith("profiles/"):
                continue
            used.setdefault((name, kind), {})[document] = None
            if has_default:
                defaults.add(name)
    stored = set(settings.secret_store.names())
    for name in stored:
        used.setdefault((name, "secret"), {})
    return [
        SecretWire(
            name=name,
            kind=kind,  # type: ignore[arg-type]
            where=_where(name, kind, settings, stored, defaults),  # type: ignore[arg-type]
            used_by=list(documents),
        )
        for (name, kind), documents in sorted(used.items())
    ]


def _where(name: str, kind: str, settings: Settings, stored: set[str], defaults: set[str]) -> str:
    if settings.get(name):
        return ".env" if name in settings.in_env_file else "environment"
    if kind == "secret" and name in stored:
        return "store"
    return "default" if kind == "setting" and name in defaults else "missing"


def _names_in(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str, bool]]:
    """(kind, name, whether it has a default) of what a value reads."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _names_in(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _names_in(item, path)
    elif isinstance(value, str):
        is_reference = path[-1:] == ("secret",) and (
            path[-2:-1] == ("client_secret",) or path[-3:-2] == ("authentication",)
        )
        if is_reference and _NAME.fullmatch(value):
            yield "secret", value, False
        for match in _REFERENCE.finditer(value):
            yield "setting", match.group(1), match.group(2) is not None
