"""HTML bodies as plain text: for previews, searches and `outlook.body-content-type="text"`."""

import re
from collections import OrderedDict
from html.parser import HTMLParser

_BREAKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "table", "ul", "ol"})
_SILENT = frozenset({"script", "style", "head", "title"})


class _TextCollector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(
        self,
        tag: str,
        attrs: list[tuple[str, str | None]],  # noqa: ARG002 - the base class names it
    ) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


class RememberedTexts:
    """The texts of the documents used last: documents and texts of `room` characters in all."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.used = 0
        self._texts: OrderedDict[str, str] = OrderedDict()

    def text_of(self, html: str) -> str:
        text = self._texts.get(html)
        if text is None:
            text = self._texts[html] = _convert(html)
            self.used += len(html) + len(text)
        self._texts.move_to_end(html)
        while self.used > self.room:
            self.used -= sum(map(len, self._texts.popitem(last=False)))
        return text


_REMEMBERED = RememberedTexts(room=8 * 1024 * 1024)


def html_to_text(html: str) -> str:
    return _REMEMBERED.text_of(html)


def _convert(html: str) -> str:
    collector = _TextCollector()
    # Never closed: a tag without an end is dropped, as browsers do. To look for other readings of
    # it, as `close` does, takes a time that grows with the square of the text. The line end
    # settles what stands before it.
    collector.feed(html + "\n")
    lines = [line.strip() for line in "".join(collector.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def preview_of(body: dict[str, str | None] | None) -> str:
    """The first 255 characters of a body as text."""
    if not body:
        return ""
    content = body.get("content") or ""
    text = html_to_text(content) if body.get("contentType") == "html" else content
    return re.sub(r"\s+", " ", text).strip()[:255]


def body_as(body: dict[str, str | None] | None, content_type: str | None) -> object:
    """The body in the type the caller prefers."""
    if body and content_type == "text" and body.get("contentType") == "html":
        return {"contentType": "text", "content": html_to_text(body.get("content") or "")}
    return body
