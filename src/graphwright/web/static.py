"""The built user interface: hashed assets, pre-compressed, and the HTML shells.

The files are listed once at the start, so that no request's path ever reaches the file system.
"""

import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from graphwright.kernel.errors import NotFound
from graphwright.web.errors import PAGE_POLICY, text_page
from graphwright.web.headers import content_security_policy, new_nonce

NONCE_MARK = "__CSP_NONCE__"
ASSETS = "/assets/"
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
# Vite's names: `name-HASH.js`, the hash eight or more characters.
_HASHED = re.compile(r"-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")


@dataclass(frozen=True)
class Asset:
    """One file, its media type, and its pre-compressed forms by encoding."""

    path: Path
    media_type: str
    compressed: dict[str, Path]


def is_asset(scope: Scope) -> bool:
    """Whether a request is for a built file: the same for everybody, and nobody's secret."""
    return scope["type"] == "http" and str(scope["path"]).startswith(ASSETS)


class StaticFiles:
    """The built files of a folder: its HTML shells, and everything else as assets."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._assets = _list_assets(folder)

    def asset(self, request: Request, name: str) -> Response:
        """The asset of that name, in the best encoding that the browser takes."""
        asset = self._assets.get(name)
        if asset is None:
            raise NotFound("There is no such file.")
        encoding = _best_encoding(request.headers.get("accept-encoding", ""), asset)
        path = asset.compressed[encoding] if encoding else asset.path
        headers = {"vary": "accept-encoding", "cache-control": "no-cache"}
        if _HASHED.search(name):
            headers["cache-control"] = "public, max-age=31536000, immutable"
        if encoding:
            headers["content-encoding"] = encoding
        return Response(path.read_bytes(), media_type=asset.media_type, headers=headers)

    def shell(self, name: str) -> HTMLResponse:
        """An HTML shell such as `portal.html` with a new nonce; a clear page where it is not built."""
        path = self._folder / name
        if not path.is_file():
            page = text_page(
                "The user interface is not built",
                "The server runs, but its pages have not been built into this installation.",
                "Run `make ui` in the source folder, or install the package again.",
            )
            return HTMLResponse(page, 503, {"content-security-policy": PAGE_POLICY})
        nonce = new_nonce()
        page = path.read_text("utf-8").replace(NONCE_MARK, nonce)
        return HTMLResponse(
            page, headers={"content-security-policy": content_security_policy(nonce)}
        )


def _list_assets(folder: Path) -> dict[str, Asset]:
    if not folder.is_dir():
        return {}
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    known = set(files)
    assets = {}
    for path in files:
        if path.suffix in (*_ENCODINGS.values(), ".html") or path.name.startswith("."):
            continue
        forms = {
            encoding: path.with_name(path.name + suffix)
            for encoding, suffix in _ENCODINGS.items()
            if path.with_name(path.name + suffix) in known
        }
        name = path.relative_to(folder).as_posix()
        assets[name] = Asset(path, _media_type(path), forms)
    return assets


def _media_type(path: Path) -> str:
    if path.suffix in (".js", ".mjs"):
        return "text/javascript"
    if path.suffix == ".woff2":
        return "font/woff2"
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _best_encoding(accepted: str, asset: Asset) -> str | None:
    wanted = set()
    for part in accepted.split(","):
        name, _, weight = part.strip().partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            wanted.add(name.strip().lower())
    return next((encoding for encoding in asset.compressed if encoding in wanted), None)
