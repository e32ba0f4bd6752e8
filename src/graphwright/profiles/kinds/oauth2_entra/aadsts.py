"""Explains the errors of Microsoft Entra ID: AADSTS codes in our own words, from `aadsts.toml`."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from graphwright.profiles.errors import ConsentRefused, TokenRequestFailed, foreign_text

_CODE = re.compile(r"\bAADSTS(\d{4,8})\b")
_TRAILER = re.compile(r"\s*(?:Trace ID|Correlation ID|Timestamp):.*$", re.DOTALL)
_ID_IN_TEXT = re.compile(r"(Trace|Correlation) ID: ([0-9a-fA-F-]{36})")
_GUID = re.compile(r"^[0-9a-fA-F-]{36}$")
_ERROR_NAME = re.compile(r"^[a-z_]{3,40}$")
# The user, or a policy, said no; nothing is wrong with the model.
_REFUSALS = frozenset({65004})


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    text = (resources.files(__package__) / "aadsts.toml").read_text("utf-8")
    return tomllib.loads(text)


def known_codes() -> frozenset[int]:
    """The AADSTS codes that are explained."""
    return frozenset(int(code) for code in _table())


def code_of(answer: Mapping[str, Any]) -> int | None:
    """The AADSTS code of an error answer, if it has one."""
    codes = answer.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return codes[0]
    found = _CODE.search(str(answer.get("error_description") or ""))
    return int(found.group(1)) if found else None


def explain(
    answer: Mapping[str, Any], facts: Mapping[str, str]
) -> TokenRequestFailed | ConsentRefused:
    """The error that an error answer of Entra ID means; `facts` fill the hints."""
    code = code_of(answer)
    name = _error_name(answer)
    known = _table().get(str(code), {})
    details: dict[str, Any] = {"error": name, **_request_ids(answer), **_sub_error(answer)}
    if code is not None:
        details["aadsts"] = code
    label = f"AADSTS{code}" if code is not None else name
    if known:
        message = f"{known['meaning']} ({label})"
        hint = known["hint"].format_map(facts)
    else:
        text = foreign_text(_TRAILER.sub("", str(answer.get("error_description") or "")))
        message = f"Microsoft Entra ID refused: {text or name}" + (
            f" ({label})" if text and label not in text else ""
        )
        hint = "The correlation id names this attempt in the sign-in logs of the tenant."
    if name == "access_denied" or code in _REFUSALS:
        return ConsentRefused(message, hint=hint, **details)
    return TokenRequestFailed(message, hint=hint, **details)


def _error_name(answer: Mapping[str, Any]) -> str:
    name = str(answer.get("error") or "")
    return name if _ERROR_NAME.match(name) else "unknown_error"


def _sub_error(answer: Mapping[str, Any]) -> dict[str, str]:
    value = str(answer.get("suberror") or "")
    return {"suberror": value} if _ERROR_NAME.match(value) else {}


def _request_ids(answer: Mapping[str, Any]) -> dict[str, str]:
    in_text = {
        f"{kind.lower()}_id": value
        for kind, value in _ID_IN_TEXT.findall(str(answer.get("error_description") or ""))
    }
    named = {
        key: str(answer.get(key) or in_text.get(key, "")) for key in ("correlation_id", "trace_id")
    }
    return {key: value for key, value in named.items() if _GUID.match(value)}
