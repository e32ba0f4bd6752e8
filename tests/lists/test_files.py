"""The contents of files: ids that cannot be guessed, names that are harmless, an end for the unused."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from graphwright.kernel.errors import FileGone, FileNotWritten, InvalidInput
from graphwright.kernel.settings import Settings
from graphwright.lists.files import UNUSED_SECONDS, Files, file_name


async def keep(files: Files, text: bytes = b"text") -> str:
    path = files.incoming("scope")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    return await files.keep(path)


async def test_a_content_is_found_by_its_id_alone(tmp_path: Path) -> None:
    files = Files(tmp_path)
    one, two = await keep(files, b"one"), await keep(files, b"one")
    assert one != two
    assert files.find(one).read_bytes() == b"one"
    (tmp_path / "ab").mkdir(exist_ok=True)
    (tmp_path / "ab" / "secret").write_bytes(b"")
    for other in ("A" * 22, "ab/../ab/secret", "", one[:-1], f"{one}\n"):
        with pytest.raises(FileGone):
            files.find(other)


async def test_what_nobody_names_goes_after_a_day(tmp_path: Path) -> None:
    files = Files(tmp_path)
    old, named, new = [await keep(files) for _ in range(3)]
    cut_off = files.incoming("of long ago.part")
    cut_off.write_bytes(b"")
    long_ago = time.time() - UNUSED_SECONDS - 60
    for path in (files.find(old), files.find(named), cut_off):
        os.utime(path, (long_ago, long_ago))
    assert await files.remove_unused({named}) == 2
    assert files.find(named).is_file()
    assert files.find(new).is_file()
    assert not cut_off.exists()
    with pytest.raises(FileGone):
        files.find(old)


async def test_who_keeps_files_removes_the_unused_once_an_hour(tmp_path: Path) -> None:
    files = Files(tmp_path)
    asked: list[float] = []

    async def tidy(now: float) -> None:
        async def find_used() -> set[str]:
            asked.append(now)
            return set()

        await files.tidy(find_used, now)

    old = files.find(await keep(files))
    for now in (0.0, 3599.0):
        await tidy(now)
    os.utime(old, (0, 0))
    await tidy(3599.0)
    assert old.exists()
    await tidy(3600.0)
    assert not old.exists()
    assert asked == [0.0, 3600.0]


async def test_a_content_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten):
        await Files(tmp_path).keep(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Pläne 2026.docx", "Pläne 2026.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("a\u202egpj.exe\r\n", "agpj.exe"),
        ("..", "file"),
        (" ", "file"),
        ("x" * 300, "x" * 255),
    ],
)
def test_names_are_harmless(given: str, name: str) -> None:
    assert file_name(given) == name


def test_the_limit_is_a_number_of_bytes(tmp_path: Path) -> None:
    def opened(text: str) -> Files:
        environment = {"GRAPHWRIGHT_FILE_BYTES": text}
        return Files.open(Settings.read(tmp_path, environment=environment))

    assert opened("5").most == 5
    assert opened("").most == 250_000_000
    with pytest.raises(InvalidInput):
        opened("5 MB")
