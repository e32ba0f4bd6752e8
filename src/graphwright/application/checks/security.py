"""What must not be: a user's data for everybody, writes for anybody, secrets in files."""

import re
import subprocess
from collections.abc import Iterator
from typing import Any

from graphwright.application.checks.flowcharts import reachable
from graphwright.application.definition import Application
from graphwright.application.problems import Problem
from graphwright.flows.definition import FlowDefinition
from graphwright.kernel.errors import Place
from graphwright.kernel.settings import SettingMissing, Settings, setting_names

_SECRET_KEY = re.compile(r"secret|password|passwd|api_?key|token$", re.IGNORECASE)
# Client secrets of Entra ID: 40 characters with `~`, or another long text without blanks.
_SECRET_VALUE = re.compile(r"^[A-Za-z0-9~._-]{3}\dQ~[A-Za-z0-9~._-]{31,34}$|^eyJ[\w-]+\.[\w-]+\.")


def check_security(application: Application) -> Iterator[Problem]:
    """A problem for every way the model would give something away."""
    for name, flow in application.flows.items():
        yield from _check_shared_rows(application, name, flow)
        if application.access_of(flow) == "public":
            yield from _check_public_writes(application, name, name, set())
    for name in application.documents:
        yield from _check_literals(application, name)
    yield from _check_tracked_files(application)


def check_settings(application: Application, settings: Settings) -> Iterator[Problem]:
    """A problem for every setting and secret that a profile or request needs and nothing sets."""
    for name, document in application.documents.items():
        if not name.startswith("profiles/"):
            continue
        for path, text in _leaves(document.value, ()):
            if path[-2:] == ("client_secret", "secret") or path[-1] == "secret":
                yield from _missing(settings, text, document.place(path))
            for setting in setting_names(text):
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


def _check_shared_rows(
    application: Application, name: str, flow: FlowDefinition
) -> Iterator[Problem]:
    users = {
        response
        for node in flow.nodes.values()
        if (response := getattr(node, "response", None)) and _flavour(application, node) == "user"
    }
    for node_name, node in flow.nodes.items():
        definition = application.imports.get(getattr(node, "import_", ""))
        source = str(getattr(node, "from_", "")).split(".")[0].strip()
        target = application.lists.get(definition.list) if definition is not None else None
        if definition is None or target is None or source not in users:
            continue
        if target.owner == "shared" and not definition.share:
            yield Problem(
                "userRowsShared",
                f"The response belongs to one user, but everybody sees the list {definition.list}.",
                application.documents[f"flows/{name}.yaml"].place(
                    ("nodes", node_name, "import"), flow=name, node=node_name
                ),
                "Set `owner: user` in the list, or `share: true` in the import if all may see it.",
            )


def _flavour(application: Application, node: Any) -> str | None:
    authentication = getattr(node, "authentication", None)
    profile = application.profiles.get(getattr(authentication, "profile", ""))
    return profile.flavour if profile is not None else None


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
        if method not in ("GET", "HEAD") and _flavour(application, node) == "application":
            yield Problem(
                "publicWrite",
                f"Anybody can reach this {method} request, which is sent as the application.",
                application.documents[f"flows/{name}.yaml"].place(
                    ("nodes", node_name), flow=name, node=node_name
                ),
                f"Set `access: signed_in` in flows/{public}.yaml.",
            )
        yield from _check_public_writes(application, public, getattr(node, "flow", ""), seen)


def _check_literals(application: Application, name: str) -> Iterator[Problem]:
    document = application.documents[name]
    for path, text in _leaves(document.value, ()):
        key = str(path[-1])
        literal = "{{" not in text and "${" not in text
        named = _SECRET_KEY.search(key) and key != "secret" and path[0] == "client_secret"
        if literal and (_SECRET_VALUE.match(text) or named):
            yield Problem(
                "literalSecret",
                f"{key} looks like a secret; a model file must not hold one.",
                document.place(path),
                "Write {secret: NAME} and put the value in .env. Replace the secret: it has been seen.",
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


def _check_tracked_files(application: Application) -> Iterator[Problem]:
    """`.env` and the data folder must not be in git."""
    command = ["git", "-C", str(application.root), "ls-files", "-z", "--", ".env", ".graphwright"]
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
