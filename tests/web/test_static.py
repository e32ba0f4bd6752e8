"""The built user interface: encodings, caches, the shell's nonce, and nothing outside the folder."""

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from graphwright.web.errors import ErrorBoundary
from graphwright.web.static import StaticFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "assets" / "portal-B4c9_xYz.js").write_text("plain")
    (static / "assets" / "portal-B4c9_xYz.js.br").write_text("brotli")
    (static / "assets" / "portal-B4c9_xYz.js.gz").write_text("gzip")
    (static / "icon.svg").write_text("<svg/>")
    (static / ".stamp").write_text("x")
    (static / "portal.html").write_text(
        '<meta name="csp-nonce" content="__CSP_NONCE__"><script src="/_static/x.js"></script>'
    )
    (tmp_path / "secret.txt").write_text("secret")
    return static


def client_for(folder: Path) -> TestClient:
    files = StaticFiles(folder)

    async def asset(request: Request) -> Response:
        return files.asset(request, request.path_params["name"])

    async def shell(request: Request) -> Response:
        return files.shell("portal.html")

    routes = [Route("/_static/{name:path}", asset), Route("/", shell)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(ErrorBoundary)]))


@pytest.mark.parametrize(
    ("accepted", "content", "encoding"),
    [
        ("br, gzip", "brotli", "br"),
        ("gzip", "gzip", "gzip"),
        ("gzip;q=1.0, br;q=0", "gzip", "gzip"),
        ("identity", "plain", None),
        ("", "plain", None),
        ("abr", "plain", None),
    ],
)
def test_the_best_encoding_is_served(
    folder: Path, accepted: str, content: str, encoding: str | None
) -> None:
    with client_for(folder).stream(
        "GET", "/_static/assets/portal-B4c9_xYz.js", headers={"accept-encoding": accepted}
    ) as answer:
        assert b"".join(answer.iter_raw()).decode() == content
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "accept-encoding"


def test_a_file_without_a_hash_is_asked_for_again(folder: Path) -> None:
    answer = client_for(folder).get("/_static/icon.svg")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "assets/../../secret.txt",
        "/etc/passwd",
        ".stamp",
        "portal.html",
        "assets/portal-B4c9_xYz.js.br",
        "assets",
        "",
        "icon.svg%00.js",
    ],
)
def test_nothing_else_is_served(folder: Path, name: str) -> None:
    answer = client_for(folder).get(f"/_static/{name}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_the_shell_gets_a_nonce_of_its_own(folder: Path) -> None:
    client = client_for(folder)
    nonces = set()
    for _ in range(2):
        answer = client.get("/")
        (nonce,) = re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"])
        assert f'content="{nonce}"' in answer.text
        assert "__CSP_NONCE__" not in answer.text
        nonces.add(nonce)
    assert len(nonces) == 2


def test_without_a_built_interface_a_page_says_so(tmp_path: Path) -> None:
    answer = client_for(tmp_path / "nothing").get("/")
    assert answer.status_code == 503
    assert "not built" in answer.text
