"""Reads the documentation: its pages, headings, table rows, links and snippets. Knows no product."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.tracked import ROOT

DOCS = ROOT / "docs"
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"(`+).+?\1")
_SNIPPET_FILE = re.compile(r"\A *# (examples/\S+)\n")


@dataclass(frozen=True)
class Snippet:
    """A piece of a file, shown on a page."""

    page: str
    file: str
    text: str


def page_paths(root: Path = ROOT) -> list[Path]:
    """Every page of the documentation, the README included."""
    return sorted([root / "README.md", *(root / "docs").rglob("*.md")])


def without_fences(text: str) -> str:
    """The text without its blocks of code."""
    return _FENCE.sub("", text)


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found: set[str] = set()
    for heading in _HEADING.findall(without_fences(text)):
        words = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower())
        anchor = base = words.strip().replace(" ", "-")
        number = 1
        while anchor in found:
            anchor = f"{base}-{number}"
            number += 1
        found.add(anchor)
    return found


def headings(text: str) -> set[str]:
    """The headings of a page, without backticks."""
    return {heading.replace("`", "").strip() for heading in _HEADING.findall(without_fences(text))}


def table_names(text: str) -> set[str]:
    """The names in backticks in the first cells of a page's tables."""
    cells = re.findall(r"^\| (.+?) \|", without_fences(text), re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def links(text: str) -> Iterator[str]:
    """The targets of a page's links."""
    yield from _LINK.findall(_CODE.sub("", without_fences(text)))


def broken_links(path: Path) -> list[str]:
    """The links of a page that lead nowhere within the repository."""
    broken = []
    for link in links(path.read_text("utf-8")):
        if "://" in link or link.startswith("mailto:"):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        is_page = target.suffix == ".md" and target.is_file()
        known = anchors(target.read_text("utf-8")) if is_page else set()
        if not target.exists() or (anchor and anchor not in known):
            broken.append(link)
    return broken


def code_blocks(text: str, language: str) -> list[str]:
    """The blocks of code of a language."""
    return [body for name, body in _FENCE.findall(text) if name == language]


def snippets(path: Path, root: Path = ROOT) -> Iterator[Snippet]:
    """The blocks of YAML whose first line is a comment that names a file of the examples."""
    for body in code_blocks(path.read_text("utf-8"), "yaml"):
        named = _SNIPPET_FILE.match(body)
        if named is not None:
            yield Snippet(str(path.relative_to(root)), named.group(1), body[named.end() :])


def is_verbatim(snippet: Snippet, root: Path = ROOT) -> bool:
    """Whether the lines of a snippet stand in its file, one behind the other."""
    file = root / snippet.file
    if not file.is_file() or not snippet.text.strip():
        return False
    return f"\n{snippet.text}" in f"\n{file.read_text('utf-8')}"
