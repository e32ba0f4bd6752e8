"""What must not be: writes for anybody, secrets in files. Rows for everybody: `shared_rows`."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from graphwright.application.checks.flowcharts import reachable
from graphwright.application.checks.shared_rows import flavour_of
from graphwright.application.definition import Application
from graphwright.application.problems import Problem
from graphwright.kernel.errors import Place
from graphwright.kernel.secret_store import SecretStoreBroken
from graphwright.kernel.settings import (
    SettingMissing,
    Settings,
    all_setting_names,
    is_loopback,
    is_secret_name,
    setting_names,
    without_settings,
)

_SECRET_KEY = re.compile(r"secret|password|passwd|api_?-?key|token$", re.IGNORECASE)
# Client secrets of Entra ID (40 characters, one of them `~`), tokens (JWT) and private keys (PEM),
# wherever they stand.
_SECRET_VALUE = re.compile(
    r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])|\beyJ[\w-]{8,}\.[\w-]{8,}\."
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----",
    re.ASCII,
)
# The parts of a node that are sent or kept; elsewhere `password` may be the name of a field.
_SENT = frozenset({"headers", "query", "body", "set", "inputs", "variables"})
# Actions of Graph that are called with POST and change nothing.
_READING_ACTION = re.compile(
    r"/(getSchedule|findMeetingTimes|query|getByIds|checkMember\w+|getMember\w+|getAvailable\w+)$",
    re.IGNORECASE,
)


def check_security(application: Application) -> Iterator[Problem]:
    """A problem for every way the model would give something away."""
    for name, flow in application.flows.items():
        if application.access_of(flow) == "public":
            yield from _check_public_writes(application, name, name, set())
        if flow.kind == "regular" and flow.path is not None:
            yield from _check_unasked_writes(application, name, name, set())
    for name in application.documents:
        yield from _check_literals(application, name)
    for name in application.profiles:
        yield from _check_hosts(application, name)


def check_settings(application: Application, settings: Settings) -> Iterator[Problem]:
    """A problem for every setting and secret that is needed and set nowhere, or that git tracks."""
    yield from _check_tracked_files(settings.root)
    for name, document in application.documents.items():
        is_profile = name.startswith("profiles/")
        if not is_profile and not name.startswith("flows/"):
            continue
        for path, text in _leaves(document.value, ()):
            if path[-1] == "secret" and (is_profile or path[-3:-2] == ("authentication",)):
                yield from _missing(settings, text, document.place(path))
            for setting in all_setting_names(text) if is_profile else ():
                if is_secret_name(setting):
                    yield Problem(
                        "secretRead",
                        f"{setting} is the name of a secret, which cannot be read as a setting.",
                        document.place(path),
                        "Secrets are named as {secret: NAME}. A setting gets another name.",
                    )
            for setting in setting_names(text) if is_profile else ():
                if not settings.get(setting):
                    yield Problem(
                        "settingMissing",
                        f"The setting {setting} is not set.",
                        document.place(path),
                        f"Set {setting} in the environment or in .env.",
                        "warning",
                    )


def _missing(settings: Settings, name: str, place: Place) -> Iterator[Problem]:
    try:
        settings.secret(name)
    except SettingMissing as error:
        yield Problem("secretMissing", error.message, place, error.hint, "warning")
    except SecretStoreBroken as error:
        yield Problem("secretStoreBroken", error.message, place, error.hint, "warning")


def _check_public_writes(
    application: Application, public: str, name: str, seen: set[str]
) -> Iterator[Problem]:
    """Writes as the application that the public flow reaches, sub-flows included."""
    flow = application.flows.get(name)
    if flow is None or name in seen:
        return
    seen.add(name)
    for node_name in sorted(reachable(flow)):
        node = flow.nodes[node_name]
        method = getattr(node, "method", "GET")
        if method not in ("GET", "HEAD") and _is_sent_as_the_application(application, node):
            yield Problem(
                "publicWrite",
                f"Anybody can reach this {method} request, which is sent as the application.",
                application.documents[f"flows/{name}.yaml"].place(
                    ("nodes", node_name), flow=name, node=node_name
                ),
                f"Set `access: signed_in` in flows/{public}.yaml.",
            )
        yield from _check_public_writes(application, public, getattr(node, "flow", ""), seen)


def _check_unasked_writes(
    application: Application, opened: str, name: str, seen: set[str]
) -> Iterator[Problem]:
    """Writes that a mere link makes: they come before the flow shows its first page."""
    flow = application.flows.get(name)
    if flow is None or name in seen:
        return
    seen.add(name)
    pages = {node_name for node_name, node in flow.nodes.items() if node.type == "page"}
    for node_name in sorted(reachable(flow, not_past=pages)):
        node = flow.nodes[node_name]
        method = getattr(node, "method", "GET")
        if method not in ("GET", "HEAD") and not _READING_ACTION.search(getattr(node, "url", "")):
            yield Problem(
                "unaskedWrite",
                f"Whoever follows a link to {application.flows[opened].path} sends this {method} "
                "request, without being asked.",
                application.documents[f"flows/{name}.yaml"].place(
                    ("nodes", node_name), flow=name, node=node_name
                ),
                "Show a page first, and send the request behind one of its buttons.",
                "warning",
            )
        yield from _check_unasked_writes(application, opened, getattr(node, "flow", ""), seen)


def _check_hosts(application: Application, name: str) -> Iterator[Problem]:
    """Hosts of which the model itself says that they get tokens or secrets."""
    profile, document = application.profiles[name], application.documents[f"profiles/{name}.yaml"]
    for path, text in profile.named_urls():
        parts = urlsplit(without_settings(text))
        usual = not parts.hostname or is_loopback(parts.hostname)
        if not usual and parts.netloc.lower() not in profile.usual_hosts():
            yield Problem(
                "foreignHost",
                f"{parts.netloc} gets tokens or the client secret of this profile: whoever runs "
                "it can act as its users or as the application.",
                document.place(path),
                "Remove it unless you know whose it is.",
                "warning",
            )


def _is_sent_as_the_application(application: Application, node: Any) -> bool:
    """Whether what the application may do goes with a request: its token, password, certificate."""
    kind = getattr(getattr(node, "authentication", None), "type", "none")
    own = kind in ("basic", "client_certificate")
    return own or flavour_of(application, node) == "application"


def _check_literals(application: Application, name: str) -> Iterator[Problem]:
    document = application.documents[name]
    for path, text in _leaves(document.value, ()):
        key = str(path[-1])
        is_literal = bool(text) and "{{" not in text and "${" not in text
        # `secret` holds the name of a secret, which is as it should be.
        named = _SECRET_KEY.search(key) and key != "secret" and _is_sent(name, path)
        if _SECRET_VALUE.search(text) or (is_literal and named):
            yield Problem(
                "literalSecret",
                f"{key} looks like a secret; a model file must not hold one.",
                document.place(path),
                "Write {secret: NAME} and put the value in .env. Replace the secret: it has been seen.",
            )


def _is_sent(document: str, path: tuple[str | int, ...]) -> bool:
    return document.startswith("profiles/") or (
        document.startswith("flows/") and (path[0] in _SENT or (len(path) > 2 and path[2] in _SENT))
    )


def _leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str) and path:
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))


def _check_tracked_files(root: Path) -> Iterator[Problem]:
    """`.env` and the data folder must not be in git."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--", ".env", ".graphwright"]
    try:
        listed = subprocess.run(command, capture_output=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return
    tracked = [name for name in listed.decode("utf-8", "replace").split("\0") if name]
    for name in tracked[:3]:
        yield Problem(
            "secretsTracked",
            f"git tracks {name}.",
            Place(file=name, line=1, column=1),
            f"Run `git rm --cached {name}`, add it to .gitignore, and replace the secrets it held.",
        )
