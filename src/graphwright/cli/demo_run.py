"""Runs the demo: the sandbox as a child process; portal and modeler of a copy of my day in this one."""

import hashlib
import os
import shutil
from pathlib import Path

from platformdirs import user_data_path

from graphwright.application.load import FOLDERS
from graphwright.application.templates import create_application, template_folder
from graphwright.cli.app import console
from graphwright.cli.browser import open_in_browser
from graphwright.cli.sandbox_run import running_sandbox, sandbox_settings
from graphwright.modeler.modeler import Modeler
from graphwright.studio import listening, serve_modeler

_TEMPLATE = "my-day"


def run_demo(*, port: int, open_browser: bool, data: Path | None) -> None:
    """Starts the sandbox, then serves the example until it is interrupted."""
    folder = data or user_data_path("graphwright") / "demo"
    output = console()

    with listening(8090, port, or_others=True) as origins:

        def on_ready(_: Modeler) -> None:
            address = origins.portal_url
            output.print(f"My day is open at [bold]{address}[/bold]  (Ctrl-C ends it)")
            if open_browser:
                open_in_browser(address)

        redirect_urls = [f"{origins.portal_url}/auth/callback/graph-user", "http://localhost"]
        with running_sandbox(redirect_urls, folder / "sandbox") as sandbox:
            serve_modeler(
                own_copy(folder),
                origins,
                folder=folder,
                environment={**os.environ, **sandbox_settings(sandbox, ("MY", "MY_DAY"))},
                sandbox=sandbox,
                from_portal=True,
                on_ready=on_ready,
            )


def own_copy(folder: Path) -> Path:
    """The demo's own copy of the example, below its data: the newest, unless somebody changed it."""
    root, mark = folder / _TEMPLATE, folder / f"{_TEMPLATE}.sha256"
    if not root.exists():
        create_application(root, _TEMPLATE)
    elif mark.is_file() and mark.read_text("ascii") == _digest(root):
        for path in _documents(root):
            path.unlink()
        source = template_folder(_TEMPLATE)
        for path in _documents(source):
            copy = root / path.relative_to(source)
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, copy)
    else:
        return root
    mark.write_text(_digest(root), "ascii")
    return root


def _documents(root: Path) -> list[Path]:
    folders = [root / folder for folder in (*FOLDERS, "layout")]
    return [root / "app.yaml", *(path for folder in folders for path in sorted(folder.glob("*")))]


def _digest(root: Path) -> str:
    digest = hashlib.sha256()
    for path in _documents(root):
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
