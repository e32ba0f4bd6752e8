"""Templates: the applications that `graphwright init` starts from."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from graphwright.application.documents import Document
from graphwright.application.schemas import write_schemas
from graphwright.kernel.errors import InvalidInput, nearest
from graphwright.kernel.settings import setting_names

# Never in git: what holds secrets and data.
GITIGNORE = ".env\n.graphwright/\n"

# In a wheel the examples lie beside the package's own folders, in a checkout at its top.
_PLACES = (Path(__file__).parents[1] / "examples", Path(__file__).parents[3] / "examples")


def template_names() -> list[str]:
    """The names of the templates."""
    return sorted(path.parent.name for place in _PLACES for path in place.glob("*/app.yaml"))


@dataclass(frozen=True)
class Template:
    """An application to start from."""

    name: str
    title: str
    description: str


def templates() -> list[Template]:
    """All of them, with what their app.yaml says."""
    return [template(name) for name in template_names()]


def template(name: str) -> Template:
    """A template, with what its app.yaml says; `InvalidInput` naming the nearest."""
    value = Document.read(template_folder(name), "app.yaml").value
    fields = value if isinstance(value, dict) else {}
    title, description = (str(fields.get(key) or "") for key in ("title", "description"))
    return Template(name, title or name, description)


def template_folder(name: str) -> Path:
    """The folder of a template; `InvalidInput` naming the nearest."""
    for place in _PLACES:
        if (place / name / "app.yaml").is_file():
            return place / name
    raise InvalidInput(f"There is no template {name!r}.", hint=nearest(name, template_names()))


def create_application(folder: Path, template: str) -> list[str]:
    """Makes an application in a new or empty folder; gives the names of its files.

    Raises `InvalidInput` where the folder holds something already.
    """
    source = template_folder(template)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInput(
            f"{folder} is not empty.", hint="Name a new folder: nothing is overwritten."
        )
    ignore = shutil.ignore_patterns(".graphwright", ".env", "__pycache__", "test_*")
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=ignore)
    (folder / ".gitignore").write_text(GITIGNORE, "ascii")
    (folder / ".env").write_text(_env_text(folder), "utf-8")
    (folder / ".env").chmod(0o600)
    write_schemas(folder)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def _env_text(folder: Path) -> str:
    """An `.env` that names every setting and secret the profiles need, without values."""
    lines = ["# Settings and secrets of this application. Keep this file out of git."]
    for path in sorted((folder / "profiles").glob("*.yaml")):
        text = path.read_text("utf-8")
        names = setting_names(text)
        names += [part.split("}")[0].strip() for part in text.split("{secret:")[1:]]
        new = [name for name in dict.fromkeys(names) if f"{name}=" not in "\n".join(lines)]
        if new:
            lines += [f"# {path.stem}", *(f"{name}=" for name in new)]
    return "\n".join(lines) + "\n"
