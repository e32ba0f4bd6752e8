"""A copy of the example to break, one change at a time."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from graphwright.application.check import check_application
from graphwright.application.problems import Problem
from graphwright.kernel.errors import ModelInvalid

EXAMPLE = Path(__file__).parents[2] / "examples" / "my-day"


class Model:
    """An application's folder that is changed by texts."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def change(self, name: str, old: str, new: str) -> None:
        """Replaces a text that must be there."""
        path = self.root / name
        text = path.read_text("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    def write(self, name: str, text: str) -> None:
        """Writes a file."""
        (self.root / name).write_text(text, "utf-8")

    def problems(self) -> list[Problem]:
        """What the check says, without warnings of settings that no test sets."""
        _, found = check_application(self.root)
        return [p for p in found if p.code not in ("settingMissing", "secretMissing")]

    def errors_of_app(self) -> list[dict[str, object]]:
        """The problems where app.yaml itself cannot be read."""
        with pytest.raises(ModelInvalid) as caught:
            check_application(self.root)
        problems: list[dict[str, object]] = caught.value.facts["problems"]
        return problems


@pytest.fixture
def model(tmp_path: Path) -> Model:
    """The example, unbroken."""
    root = tmp_path / "app"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns(".graphwright", ".env"))
    return Model(root)


Break = Callable[[Model], None]
