"""Fault rules as people write them: a line of text, a TOML file, a JSON object.

Whatever is wrong is said with its place. It must not know how a fault is carried out.
"""

import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from graphwright_sandbox.faults.kinds import KINDS
from graphwright_sandbox.faults.plan import ERRORS, FaultPlan, FaultRule

_METHOD = r"GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"
_LINE = re.compile(
    rf"^\s*(?:(?P<method>(?i:{_METHOD}))\s+)?(?P<path>.+?)\s*:\s+(?P<what>\S.*)$",
)
_HEAD = re.compile(r"^\s*\[\[\s*fault\s*\]\]")
_MAXIMUM_SIZE = 2**31


class FaultInvalid(ValueError):
    """A rule, or a file of rules, that cannot be read; says what is wrong and where."""


class _Spec(msgspec.Struct, rename="kebab", forbid_unknown_fields=True):
    path: Annotated[str, Meta(min_length=1, max_length=500)]
    fault: str | int
    method: Annotated[str, Meta(pattern=rf"^(?i:{_METHOD})$")] | None = None
    times: Annotated[int, Meta(ge=1)] | str | None = None
    after: Annotated[int, Meta(ge=0)] = 0
    every: Annotated[int, Meta(ge=1)] = 1
    probability: Annotated[float, Meta(gt=0, le=1)] = 1.0
    retry_after: Annotated[int, Meta(ge=0, le=86_400)] | str | None = None
    seconds: Annotated[float, Meta(ge=0, le=3600)] = 1.0
    size: Annotated[int, Meta(ge=0, le=_MAXIMUM_SIZE)] | None = None
    to: Annotated[str, Meta(max_length=300)] = ""
    code: str | None = None
    message: str | None = None
    body: str = ""
    content_type: str = "application/json"
    committed: bool = False


_COMMON = {"path", "fault", "method", "times", "after", "every", "probability"}


def parse_fault(line: str) -> FaultRule:
    """The rule of a line such as `GET /me/messages: 429 retry-after=2 times=3`."""
    found = _LINE.match(line)
    if found is None:
        raise FaultInvalid(f"'{line}' is not of the form 'METHOD PATH: FAULT name=value …'")
    try:
        what, *rest = shlex.split(found["what"])
    except ValueError as error:
        raise FaultInvalid(f"'{line}': {error}") from None
    value: dict[str, Any] = {"path": found["path"], "fault": what}
    if found["method"]:
        value["method"] = found["method"]
    for word in rest:
        name, equals, text = word.partition("=")
        if not equals:
            raise FaultInvalid(f"'{line}': '{word}' is not of the form name=value")
        value[name] = text
    return read_fault(value)


def read_fault(value: object) -> FaultRule:
    """The rule of an object; every problem is named in the error."""
    if not isinstance(value, dict):
        raise FaultInvalid("a fault is an object with 'path' and 'fault'")
    problems = list(_problems(value))
    if problems:
        raise FaultInvalid("; ".join(f"'{name}': {text}" for name, text in problems))
    return _rule(msgspec.convert(value, _Spec, strict=False))


def read_faults(file: Path) -> FaultPlan:
    """The plan of a TOML file: `seed` and `[[fault]]` tables. All problems are in the error."""
    try:
        text = file.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        raise FaultInvalid(f"{file}: {error.strerror}") from None
    except ValueError as error:
        raise FaultInvalid(f"{file}: {error}") from None
    lines = text.splitlines()
    plan = FaultPlan()
    wrong = [
        f"{file}:{_line_of(lines, 0, name)}: '{name}' is not known here"
        for name in document.keys() - {"seed", "fault"}
    ]
    seed = document.get("seed", 0)
    if isinstance(seed, int) and not isinstance(seed, bool):
        plan.seed = seed
    else:
        wrong.append(f"{file}:{_line_of(lines, 0, 'seed')}: 'seed' must be a number")
    tables = document.get("fault", [])
    heads = [number for number, line in enumerate(lines) if _HEAD.match(line)]
    if not isinstance(tables, list) or len(tables) != len(heads):
        wrong.append(f"{file}: each fault is a table of its own: [[fault]]")
        tables = []
    for head, table in zip(heads, tables, strict=bool(tables)):
        problems = list(_problems(table))
        wrong += [
            f"{file}:{_line_of(lines, head, name)}: '{name}': {text}" for name, text in problems
        ]
        if not problems:
            plan.add(_rule(msgspec.convert(table, _Spec, strict=False)), keep=True)
    if wrong:
        raise FaultInvalid("\n".join(wrong))
    return plan


def _line_of(lines: list[str], head: int, name: str) -> int:
    """The line, from 1, of a key below a table's head; else that of the head."""
    for number in range(head, len(lines)):
        if number > head and lines[number].lstrip().startswith("["):
            break
        if re.match(rf'\s*"?{re.escape(name)}"?\s*=', lines[number]):
            return number + 1
    return head + 1


def _problems(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each wrong name with what is wrong about it."""
    fields = {field.encode_name for field in msgspec.structs.fields(_Spec)}
    for name in ("path", "fault"):
        if name not in table:
            yield name, "is missing"
    kind = _kind_of(table.get("fault"))
    if "fault" in table and kind is None:
        yield "fault", f"is neither a status from 200 to 599 nor one of {', '.join(KINDS)}"
    for name, value in table.items():
        if name not in fields:
            yield name, "is not known"
            continue
        if kind is not None and name not in _COMMON | set(KINDS[kind].parameters):
            yield name, f"has no meaning for the fault '{kind}'"
            continue
        try:
            msgspec.convert({"path": ".", "fault": "", name: value}, _Spec, strict=False)
        except msgspec.ValidationError as error:
            yield name, str(error).partition(" - at ")[0]
            continue
        if text := _unreadable(name, value):
            yield name, text


def _unreadable(name: str, value: Any) -> str | None:
    if name == "path":
        try:
            re.compile(value)
        except re.error as error:
            return f"is not a regular expression: {error}"
    if name == "times" and _times(value) == 0:
        return "is neither a number from 1 nor 'always'"
    if name == "retry-after" and _retry_after(value) is None:
        return "is neither a number of seconds nor 'date:' and a number"
    return None


def _kind_of(fault: object) -> str | None:
    text = str(fault)
    if text.isascii() and text.isdigit():
        return "status" if 200 <= int(text) <= 599 else None
    return text if text in KINDS and text != "status" else None


def _times(value: int | str) -> int | None:
    """How often; None: always; 0: unreadable."""
    if value == "always":
        return None
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else 0


def _retry_after(value: int | str) -> tuple[int, bool] | None:
    text = str(value)
    seconds = text.removeprefix("date:")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 6):
        return None
    return int(seconds), seconds != text


def _rule(spec: _Spec) -> FaultRule:
    kind = _kind_of(spec.fault) or "status"
    status = int(spec.fault) if kind == "status" else 500
    if spec.times is not None:
        times = _times(spec.times)
    else:
        repeated = KINDS[kind].lasting or spec.every > 1 or spec.probability < 1
        times = None if repeated else 1
    wait = None if spec.retry_after is None else _retry_after(spec.retry_after)
    code, message = ERRORS.get(status, ("UnknownError", "")) if kind == "status" else ("", "")
    said = kind == "status" or spec.code is not None
    return FaultRule(
        path=spec.path,
        method=spec.method,
        status=status,
        body=spec.body.encode(),
        content_type=spec.content_type,
        times=times,
        committed=spec.committed,
        kind=kind,
        after=spec.after,
        every=spec.every,
        probability=spec.probability,
        retry_after=wait[0] if wait else None,
        retry_after_date=bool(wait and wait[1]),
        seconds=spec.seconds,
        size=spec.size,
        to=spec.to,
        error=(spec.code or code, spec.message or message) if said and status >= 400 else None,
    )
