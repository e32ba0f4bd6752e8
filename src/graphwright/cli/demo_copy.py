"""The demo's own copy of an example: it can be edited, and follows the package until it was."""

import hashlib
import shutil
from pathlib import Path

from graphwright.application.load import FOLDERS
from graphwright.application.templates import create_application, template_folder


def own_copy(folder: Path, example: str) -> Path:
    """The demo's own copy of the example, below its data: the newest, unless somebody changed it."""
    source = template_folder(example)
    root, mark = folder / example, folder / f"{example}.sha256"
    if not root.exists():
        create_application(root, example)
    elif mark.is_file() and mark.read_text("ascii") == _digest(root):
        for path in _documents(root):
            path.unlink()
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
