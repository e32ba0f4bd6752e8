"""Names that stand in documents as they are: of files, nodes and fields."""

from collections.abc import Iterator
from typing import Any

from graphwright.application.renaming.model import Model, at, mapping, replace, replace_key


def rename_references(model: Model, kind: str, old: str, new: str) -> None:
    """Another name of a profile, list, import, flow or page, wherever a document names it."""
    if kind == "list":
        _rename_list(model, old, new)
    app = model.values.get("app.yaml", {})
    if kind == "profile":
        replace(app, "sign_on", old, new)
        for name, page in model.application.pages.items():
            for path, _ in page.profiles():
                replace(at(model.values[f"pages/{name}.yaml"], path[:-1]), path[-1], old, new)
    if kind == "flow":
        replace(app, "home", old, new)
        for item in app.get("navigation") or ():
            replace(item, "flow", old, new)
    for flow in model.names("flows"):
        for node in model.nodes(flow).values():
            replace(node, kind, old, new)
            if kind == "profile":
                replace(mapping(node, "authentication"), "profile", old, new)


def _rename_list(model: Model, old: str, new: str) -> None:
    for name in model.names("lists"):
        value = model.values[f"lists/{name}.yaml"]
        replace(value, "parent", old, new)
        for field in mapping(value, "fields").values():
            replace(field, "list", old, new)
    for name in model.names("imports"):
        value = model.values[f"imports/{name}.yaml"]
        replace(value, "list", old, new)
        for part in _parts(value):
            replace_key(mapping(part, "children"), old, new)
    for name in model.names("pages"):
        value = model.values[f"pages/{name}.yaml"]
        replace(value, "list", old, new)
        page = model.application.pages.get(name)
        for path, _ in page.lists() if page else ():
            replace(at(value, path[:-1]), path[-1], old, new)


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """An import and the imports of its child lists."""
    if isinstance(value, dict):
        yield value
        for child in mapping(value, "children").values():
            yield from _parts(child)


def note_old_name(value: dict[str, Any], old: str, new: str, *, keep_rows: bool) -> None:
    """What a list or field was called, for its rows; a list that was nowhere yet keeps what it says."""
    if keep_rows:
        # Behind its title, where people look for what a thing is called.
        items = [(k, v) for k, v in value.items() if k != "renamed_from"]
        place = next((i for i, (key, _) in enumerate(items) if key == "fields"), len(items))
        items.insert(place, ("renamed_from", old))
        value.clear()
        value.update(items)
    elif value.get("renamed_from") == new:
        del value["renamed_from"]


def rename_node(model: Model, flow: str, old: str, new: str) -> None:
    """Another name of a node: exits, the start, and its place on the canvas."""
    value = model.values[f"flows/{flow}.yaml"]
    replace(value, "start", old, new)
    replace_key(mapping(value, "nodes"), old, new)
    for node in model.nodes(flow).values():
        for name in mapping(node, "exits"):
            replace(node["exits"], name, old, new)
    replace_key(model.values.get(f"layout/{flow}.yaml", {}), old, new)


def rename_field(model: Model, list_name: str, old: str, new: str, *, keep_rows: bool) -> None:
    """Another name of a field: its list, imports, pages and nodes."""
    value = model.values[f"lists/{list_name}.yaml"]
    replace_key(mapping(value, "fields"), old, new)
    field = value["fields"][new]
    if isinstance(field, dict):
        note_old_name(field, old, new, keep_rows=keep_rows)
    for index in range(len(value.get("key") or ())):
        replace(value["key"], index, old, new)
    for name in model.names("imports"):
        definition = model.values[f"imports/{name}.yaml"]
        if definition.get("list") == list_name:
            replace_key(mapping(definition, "fields"), old, new)
        for part in _parts(definition):
            child = mapping(part, "children").get(list_name)
            replace_key(mapping(child, "fields"), old, new)
    for name, page in model.application.pages.items():
        shown = model.values[f"pages/{name}.yaml"]
        for used in page.used_fields():
            if (used.list, used.field) == (list_name, old):
                holder = at(shown, used.path[:-1])
                replace(holder, used.path[-1], old, new)
                _rename_in_sort(holder, used.path[-1], old, new)
    for flow in model.names("flows"):
        for node in model.nodes(flow).values():
            _rename_in_node(model, node, list_name, old, new)


def _rename_in_node(model: Model, node: dict[str, Any], list_name: str, old: str, new: str) -> None:
    if node.get("list") == list_name:
        _rename_in_sort(node, "sort", old, new)
        for condition in node.get("filters") or ():
            replace(condition, "field", old, new)
    definition = model.values.get(f"imports/{node.get('import')}.yaml", {})
    if definition.get("list") == list_name:
        for key in ("from_field", "to_field"):
            replace(mapping(node, "within"), key, old, new)


def _rename_in_sort(holder: Any, key: str | int, old: str, new: str) -> None:
    """`sort: start:desc,subject` names fields in a text."""
    if key != "sort" or not isinstance(holder, dict) or not isinstance(holder.get(key), str):
        return
    items = (item.partition(":") for item in holder[key].split(","))
    holder["sort"] = ",".join(
        (name.replace(old, new) if name.strip() == old else name) + colon + direction
        for name, colon, direction in items
    )
