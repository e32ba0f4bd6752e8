"""Links lead somewhere, snippets stand in their files, commands exist."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from graphwright.application.check import check_application
from graphwright.application.templates import template_names
from tests.docs.helpers import (
    DOCS,
    Snippet,
    anchors,
    broken_links,
    code_blocks,
    is_verbatim,
    links,
    page_paths,
    snippets,
    without_fences,
)
from tools.reference import commands
from tools.tracked import ROOT

PAGES = page_paths()
SNIPPETS = [snippet for path in PAGES for snippet in snippets(path)]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(path: Path) -> None:
    assert broken_links(path) == []


def test_a_broken_link_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# A heading, in `code`\n", "utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md) [b](there.md#a-heading-in-code) [c](gone.md) [d](there.md#gone) "
        "`[e](in-code.md)` [f](https://example.com)\n\n```md\n[g](in-a-block.md)\n```\n",
        "utf-8",
    )
    assert broken_links(page) == ["gone.md", "there.md#gone"]


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, waiting = set(), [DOCS / "index.md"]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        for link in links(path.read_text("utf-8")):
            target = (path.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target.is_relative_to(DOCS):
                waiting.append(target)
    assert set(DOCS.rglob("*.md")) - reached == set()


def test_headings_that_come_twice_have_anchors_of_their_own() -> None:
    assert anchors("# One\n\n## One\n\n```sh\n# no heading\n```\n") == {"one", "one-1"}


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda s: f"{s.page}: {s.text.split(':')[0]}")
def test_a_snippet_stands_in_its_file_as_it_is_shown(snippet: Snippet) -> None:
    assert is_verbatim(snippet), f"{snippet.page} shows what is not in {snippet.file}"


def test_the_guides_show_the_example() -> None:
    pages = {snippet.page for snippet in SNIPPETS}
    assert {"docs/model.md", "docs/flows.md", "docs/pages.md", "README.md"} <= pages


def test_a_snippet_that_was_changed_is_noticed() -> None:
    shown = SNIPPETS[0]
    assert is_verbatim(shown)
    assert not is_verbatim(Snippet(shown.page, shown.file, shown.text.replace(":", ";", 1)))
    assert not is_verbatim(Snippet(shown.page, "examples/gone.yaml", shown.text))
    # Half a line is no line.
    assert not is_verbatim(Snippet(shown.page, shown.file, shown.text[1:]))


def commands_shown(text: str, program: str) -> list[list[str]]:
    """The calls of a program in a page's shell blocks, as words."""
    lines = [line for block in code_blocks(text, "sh") for line in block.splitlines()]
    found = []
    for line in lines:
        words = shlex.split(line, comments=True)
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words = words[1:]
        if words and words[0].rsplit("/", 1)[-1] == program:
            found.append(words[1:])
    return found


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_make_target_that_is_shown_exists(path: Path) -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    text = path.read_text("utf-8")
    named = [words[0] for words in commands_shown(text, "make")]
    named += re.findall(r"`make ([a-z-]+)`", text)
    assert [name for name in named if name not in targets] == []


def test_the_first_commands_of_the_readme_run_the_demo_and_the_tests() -> None:
    shown = commands_shown((ROOT / "README.md").read_text("utf-8"), "make")
    assert [words[0] for words in shown[:2]] == ["demo", "test"]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_command_that_is_shown_exists_with_its_options(path: Path) -> None:
    known = dict(commands())
    for words in commands_shown(path.read_text("utf-8"), "graphwright"):
        command = next((known[name] for name in known if tuple(words[: len(name)]) == name), None)
        assert command is not None, f"graphwright {' '.join(words)}"
        if tuple(words[:1]) == ("sandbox",):
            continue  # its options are the sandbox's own
        options = {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
        used = {word for word in words if word.startswith("--")}
        assert used <= options, f"graphwright {' '.join(words)}"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_command_that_is_named_in_a_sentence_exists(path: Path) -> None:
    names = {name for words, _ in commands() for name in (words, words[:1])}
    named = re.findall(r"`graphwright ((?:[a-z]+ ?)+)", without_fences(path.read_text("utf-8")))
    unknown = [
        n for n in named if tuple(n.split()[:2]) not in names and (n.split()[0],) not in names
    ]
    assert unknown == []


def test_templates_that_are_named_exist() -> None:
    named = set(re.findall(r"--template ([a-z-]+)", "".join(p.read_text("utf-8") for p in PAGES)))
    assert named
    assert named <= set(template_names())


def insert_below(path: Path, start: str, line: str) -> None:
    """Adds a line below the first one that starts so, indented as it is."""
    lines = path.read_text("utf-8").split("\n")
    index = next(i for i, text in enumerate(lines) if text.strip().startswith(start))
    indent = lines[index][: len(lines[index]) - len(lines[index].lstrip())]
    path.write_text("\n".join([*lines[: index + 1], indent + line, *lines[index + 1 :]]), "utf-8")


def test_the_change_of_the_first_steps_fits_together(tmp_path: Path) -> None:
    app = tmp_path / "my-app"
    shutil.copytree(ROOT / "examples" / "my-day", app)
    blocks = [block.strip() for block in code_blocks((DOCS / "first-steps.md").read_text(), "yaml")]
    field, mapping = (block for block in blocks if block.startswith("city"))
    for name, old, new in (
        ("flows/people.yaml", "officeLocation,", "officeLocation,city,"),
        ("pages/people.yaml", "office,", "office, city,"),
    ):
        text = (app / name).read_text("utf-8")
        assert old in text
        (app / name).write_text(text.replace(old, new, 1), "utf-8")
    insert_below(app / "imports" / "person.yaml", "office:", mapping)
    # Without the field, check says so twice: the import and the page name it.
    _, problems = check_application(app)
    assert [p.code for p in problems if p.severity == "error"] == ["unknownField", "unknownField"]
    insert_below(app / "lists" / "person.yaml", "office:", field)
    application, problems = check_application(app)
    assert [p for p in problems if p.severity == "error"] == []
    assert application.lists["person"].fields["city"].title == "City"
