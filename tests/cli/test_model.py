"""`init`, `check`, `schema`, and what every command has in common."""

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from graphwright.cli import app as app_module
from graphwright.cli import commands
from tests.cli.conftest import EXAMPLES, Run


def all_commands(command: Any = None, name: str = "") -> Iterator[tuple[str, Any]]:
    if command is None:
        commands.register(app_module.app)
        command = typer.main.get_command(app_module.app)
    yield name, command
    for inner_name, inner in getattr(command, "commands", {}).items():
        yield from all_commands(inner, f"{name} {inner_name}".strip())


NAMES = [name for name, _ in all_commands() if name and name != "sandbox"]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_shows_an_example_that_names_it(run: Run, name: str) -> None:
    result = run(*name.split(), "--help")
    assert result.code == 0
    assert "Example" in result.out
    assert f"graphwright {name}" in " ".join(result.out.split("Example")[1].split())
    assert (result.out, result.err) == (run(*name.split(), "-h").out, "")


def test_there_are_the_commands_that_the_documentation_promises() -> None:
    promised = "demo init modeler serve check profiles schema flow import lists request".split()
    promised += ["runs", "sandbox", "flow run", "import infer", "import run"]
    assert set(promised) <= {name for name, _ in all_commands()}


def test_help_and_version(run: Run) -> None:
    assert run("--version").out.startswith("graphwright 0.")
    assert "check" in run("--help").out
    assert run().code in (0, 2)


@pytest.mark.parametrize(
    "arguments",
    [
        ["chekc"],
        ["check"],
        ["check", "--bad"],
        ["check", "--format", "xml", "x"],
        ["flow", "walk"],
        ["runs", ".", "--limit", "0"],
        ["serve", ".", "--port", "70000"],
    ],
)
def test_a_wrong_call_says_how_it_is_called(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert "Usage" in result.err or "Error" in result.err
    assert result.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "%s"],
        ["profiles", "%s"],
        ["schema", "%s"],
        ["runs", "%s"],
        ["serve", "%s", "--port", "0"],
        ["lists", "count", "%s"],
        ["flow", "run", "%s", "x"],
        ["import", "run", "%s", "event", "x.json"],
        ["request", "%s", "GET", "/me", "--profile", "x"],
    ],
)
def test_a_folder_that_is_no_application_is_told(
    run: Run, tmp_path: Path, arguments: list[str]
) -> None:
    folder = tmp_path / "nothing"
    result = run(*(argument.replace("%s", str(folder)) for argument in arguments))
    assert result.code == 2
    assert "is no application" in result.err
    assert result.out == ""
    assert not folder.exists()


@pytest.mark.parametrize("template", ["empty", "my-day"])
def test_a_new_application_passes_the_check(run: Run, tmp_path: Path, template: str) -> None:
    folder = tmp_path / "new"
    made = run("init", folder, "--template", template)
    assert made.code == 0
    assert f"graphwright check {folder}" in made.said
    assert (folder / ".gitignore").read_text() == ".env\n.graphwright/\n"
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600
    assert (folder / ".schema" / "flow.json").is_file()
    assert not list(folder.rglob(".graphwright"))
    checked = run("check", folder)
    assert checked.code == 0, checked.said
    assert "0 problems" in checked.out
    names = [
        line.split("=")[0] for line in (folder / ".env").read_text().split("\n") if "=" in line
    ]
    assert names
    for name in names:
        assert f"{name} is not set" in checked.said
    filled = "".join(f"{name}=x\n" for name in names)
    (folder / ".env").write_text(filled)
    assert run("check", folder).out.startswith("No problems")


def test_a_folder_that_holds_something_is_not_touched(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = run("init", tmp_path)
    assert (result.code, result.out) == (2, "")
    assert "is not empty" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert run("init", tmp_path / "mine.txt").code == 2
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_an_unknown_template_names_the_nearest(run: Run, tmp_path: Path) -> None:
    result = run("init", tmp_path / "new", "--template", "my-dya")
    assert result.code == 2
    assert "Did you mean my-day?" in result.err
    assert not (tmp_path / "new").exists()


def test_problems_are_printed_with_place_code_and_cure(run: Run, my_day: Path) -> None:
    path = my_day / "flows" / "mail.yaml"
    path.write_text(path.read_text("utf-8").replace("import: message", "import: mesage"), "utf-8")
    result = run("check", my_day)
    assert result.code == 2
    assert "flows/mail.yaml:" in result.out
    assert "There is no import 'mesage'. (unknownImport)" in result.said
    assert "Did you mean message?" in result.out
    assert "1 problem" in result.out


def test_problems_are_printed_as_json(run: Run, my_day: Path) -> None:
    (my_day / "lists" / "event.yaml").write_text("fields: [", "utf-8")
    result = run("check", my_day, "--format", "json")
    assert (result.code, result.err) == (2, "")
    errors = [p for p in result.json["problems"] if p["severity"] == "error"]
    (problem,) = errors
    assert (problem["file"], problem["code"]) == ("lists/event.yaml", "yamlInvalid")
    assert problem["line"] >= 1


def test_a_broken_app_yaml_is_printed_like_any_problem(run: Run, my_day: Path) -> None:
    (my_day / "app.yaml").write_text("format: 2\n", "utf-8")
    result = run("check", my_day, "--format", "json")
    assert result.code == 2
    codes = {p["code"] for p in result.json["problems"] if p["file"] == "app.yaml"}
    assert codes == {"valueInvalid", "fieldMissing"}
    assert run("check", my_day).code == 2


def test_markup_in_a_name_is_printed_as_it_is(run: Run, my_day: Path) -> None:
    path = my_day / "flows" / "mail.yaml"
    text = path.read_text("utf-8").replace("import: message", 'import: "[bold]x[/bold]"')
    path.write_text(text, "utf-8")
    assert "[bold]x[/bold]" in run("check", my_day).out


def test_schemas_are_printed_or_written(run: Run, my_day: Path) -> None:
    printed = run("schema").json
    assert set(printed) == {"app", "profile", "list", "import", "flow", "page"}
    (my_day / ".schema" / "flow.json").write_text("old")
    assert run("schema", my_day).code == 0
    assert json.loads((my_day / ".schema" / "flow.json").read_text()) == printed["flow"]


def test_the_profiles_are_printed_with_what_to_register(run: Run, my_day: Path) -> None:
    (my_day / ".env").write_text(
        "MY_DAY_TENANT=contoso.example\nMY_DAY_CLIENT_ID=11111111-2222-4333-8444-555555555555\n"
        "MY_DAY_CLIENT_SECRET=planted-secret\nMY_DAY_APPLICATION_ID="
        "11111111-2222-4333-8444-666666666666\nMY_DAY_APPLICATION_SECRET=planted-secret\n"
    )
    text = run("profiles", my_day, "--base-url", "https://apps.contoso.example")
    assert text.code == 0
    assert "https://apps.contoso.example/auth/callback/graph-user" in text.out
    assert "Calendars.ReadWrite" in text.out
    assert "adminconsent" in text.out
    found = {p["profile"]: p for p in run("profiles", my_day, "--format", "json").json["profiles"]}
    assert found["graph-app"]["flavour"] == "application"
    assert found["graph-user"]["grant_type"] == "authorization_code"
    assert "planted-secret" not in text.out + json.dumps(found)


def test_profiles_without_their_settings_tell_all_the_same_what_to_register(
    run: Run, my_day: Path
) -> None:
    result = run("profiles", my_day, "--base-url", "https://apps.contoso.example")
    assert result.code == 0
    users = result.out.split("graph-user  Microsoft 365", 1)[1]
    for told in (
        "authorization_code",
        "https://apps.contoso.example/auth/callback/graph-user",
        "Calendars.ReadWrite",
        "a link, once MY_DAY_CLIENT_ID and MY_DAY_TENANT are set",
        "The setting MY_DAY_TENANT is not set.",
        "The secret MY_DAY_CLIENT_SECRET is not set.",
    ):
        assert told in users
    assert "adminconsent" not in result.out
    assert str(my_day / ".env") in result.err
    as_json = run("profiles", my_day, "--format", "json")
    assert as_json.code == 0
    found = {p["profile"]: p for p in as_json.json["profiles"]}["graph-user"]
    assert found["missing"] == ["MY_DAY_CLIENT_ID", "MY_DAY_CLIENT_SECRET", "MY_DAY_TENANT"]
    assert found["admin_consent_url"] is None


def test_profiles_show_the_settings_that_are_set_already(run: Run, my_day: Path) -> None:
    (my_day / ".env").write_text(
        "MY_DAY_TENANT=contoso.example\nMY_DAY_CLIENT_SECRET=planted-secret\n"
    )
    result = run("profiles", my_day)
    users = result.out.split("graph-user  Microsoft 365", 1)[1]
    assert "contoso.example" in users
    assert "a link, once MY_DAY_CLIENT_ID is set" in users
    assert "MY_DAY_CLIENT_SECRET is not set" not in users
    assert "planted-secret" not in result.said


def test_profiles_refuse_a_setting_that_cannot_be_and_a_model_that_is_wrong(
    run: Run, my_day: Path
) -> None:
    (my_day / ".env").write_text("MY_DAY_TENANT=no tenant\n")
    wrong = run("profiles", my_day)
    assert (wrong.code, wrong.out) == (2, "")
    assert "profileInvalid" in wrong.err
    (my_day / "profiles" / "graph-app.yaml").write_text("type: oauth2_entra\n")
    broken = run("profiles", my_day)
    assert (broken.code, broken.out) == (2, "")
    assert "fieldMissing" in broken.err


def test_a_permission_that_another_covers_is_not_listed(run: Run, my_day: Path) -> None:
    found = {p["profile"]: p for p in run("profiles", my_day, "--format", "json").json["profiles"]}
    permissions = {p["name"]: p["requests"] for p in found["graph-user"]["permissions"]}
    assert set(permissions) == {"Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send"}
    assert any(request.startswith("GET ") for request in permissions["Calendars.ReadWrite"])
    assert "Calendars.ReadBasic" not in run("profiles", my_day).out


def test_nothing_heavy_is_imported_for_help() -> None:
    code = (
        "import sys; sys.argv = ['graphwright', '--help']\n"
        "from graphwright.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('sqlalchemy', 'pydantic', 'aiohttp', 'msal', 'fastapi', 'jlens')"
        " if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip().endswith("[]")


def test_an_interrupt_ends_with_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("graphwright.application.check.check_application", interrupt)
    assert run("check", EXAMPLES / "my-day").code == app_module.INTERRUPTED
