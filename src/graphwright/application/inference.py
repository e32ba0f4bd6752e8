"""Creates lists and an import from an example document, as files of an application."""

from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from graphwright.application.schemas import schema_comment
from graphwright.imports.documents import read_document
from graphwright.imports.infer import infer
from graphwright.kernel.errors import InvalidInput


class FileExists(InvalidInput):
    """A file of the model would be overwritten."""

    code = "fileExists"
    status = 409


def write_inferred(
    root: Path,
    example: Path,
    name: str,
    *,
    is_shared: bool = False,
    overwrite: bool = False,
) -> list[Path]:
    """Writes `lists/NAME.yaml` (and child lists) and `imports/NAME.yaml`; gives the paths.

    Raises `FileExists` before anything is written, `InvalidInput` for a document without items.
    """
    if not (root / "app.yaml").is_file():
        raise InvalidInput(f"{root} is no application: it has no app.yaml.")
    inferred = infer(read_document(example), name, is_shared=is_shared)
    texts = {
        root / folder / f"{file_name}.yaml": schema_comment(folder) + _yaml(definition)
        for folder, definitions in (("lists", inferred.lists), ("imports", inferred.imports))
        for file_name, definition in definitions.items()
    }
    existing = [path for path in texts if path.exists()]
    if existing and not overwrite:
        raise FileExists(
            f"{existing[0]} is there already.", hint="Choose another --name, or add --force."
        )
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return sorted(texts)


def _yaml(value: Any) -> str:
    yaml = YAML(typ="rt")
    yaml.width = 100
    yaml.default_flow_style = False
    stream = StringIO()
    yaml.dump(value, stream)
    return stream.getvalue()
