"""Foreign HTML made harmless: mails, event bodies, any field of type html.

An allow-list of elements, attributes and style properties. What is left holds no script, form,
frame, id or class; links open apart; nothing is fetched from elsewhere unless images were asked
for. The frame's own content security policy stands behind this.
"""

import html as html_text
import re
from dataclasses import dataclass

import nh3

_TAGS = frozenset(
    "a abbr address b bdi bdo big blockquote br caption center cite code col colgroup dd "
    "del dfn div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark "
    "ol p pre q rp rt ruby s samp small span strike strong sub sup table tbody td tfoot th "
    "thead time tr tt u ul var wbr".split()
)
# Dropped with all they hold; other unknown elements are dropped and their text is kept.
_DROPPED = frozenset(
    "script style template noscript noembed noframes iframe frame frameset object embed "
    "applet svg math title textarea select option xmp plaintext audio video canvas".split()
)
_TABLE = {"align", "valign", "bgcolor", "width", "height", "colspan", "rowspan"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"style", "dir", "lang", "title", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "table": _TABLE | {"border", "cellpadding", "cellspacing"},
    "tr": _TABLE,
    "td": _TABLE,
    "th": _TABLE | {"scope"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "li": {"value"},
    "time": {"datetime"},
}
_STYLES = frozenset(
    (
        "background-color border border-bottom border-bottom-color border-bottom-style "
        "border-bottom-width border-collapse border-color border-left border-right "
        "border-spacing border-style border-top border-width color direction display font "
        "font-family font-size font-style font-variant font-weight height letter-spacing "
        "line-height list-style-type margin margin-bottom margin-left margin-right margin-top "
        "max-width min-width padding padding-bottom padding-left padding-right padding-top "
        "text-align text-decoration text-indent text-transform vertical-align white-space "
        "width word-break word-wrap"
    ).split()
)
# No allowed property needs any of these; refused whole rather than understood.
_STYLE_REFUSED = re.compile(
    r"url\s*\(|image|expression|javascript|import|\\|<|var\s*\(|/\*", re.IGNORECASE
)
_DATA_IMAGE = re.compile(
    r"^data:image/(png|gif|jpe?g|webp|bmp);base64,[A-Za-z0-9+/=\s]*$", re.IGNORECASE
)
_LINK = re.compile(r"^(https?|mailto|tel):", re.IGNORECASE)
_OPENED = re.compile(r"<([A-Za-z][A-Za-z0-9]*)")
# None of these can stand directly inside itself, so they add no depth of their own.
_NEVER_NESTED = frozenset(
    "area base br col embed hr img input link meta source track wbr p li dd dt td th tr "
    "tbody".split()
)
# The parser's time grows with the square of the nesting; so many elements nest in under a second.
_MAX_ELEMENTS = 8_000
MAX_LENGTH = 5_000_000


@dataclass(frozen=True)
class SafeHtml:
    """Harmless HTML, and how many remote images were left out."""

    html: str
    blocked_images: int = 0


def sanitise(source: str, *, remote_images: bool = False) -> SafeHtml:
    """The HTML without anything that acts; remote images (https only) where they are asked for."""
    if len(source) > MAX_LENGTH or _may_nest_deeply(source):
        return SafeHtml(text_as_html(_strip(source[:MAX_LENGTH])))
    blocked = 0

    def filter_attribute(tag: str, attribute: str, value: str) -> str | None:
        nonlocal blocked
        if attribute == "style":
            return None if _STYLE_REFUSED.search(value) else value
        if tag == "a" and attribute == "href":
            return value if _LINK.match(value.strip()) else None
        if tag == "img" and attribute == "src":
            if _DATA_IMAGE.match(value):
                return value
            if not value.strip().lower().startswith("https:"):
                blocked += value.strip().lower().startswith("http:")
                return None
            blocked += not remote_images
            return value if remote_images else None
        return value

    clean = nh3.clean(
        source,
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED),
        attributes=_ATTRIBUTES,
        attribute_filter=filter_attribute,
        strip_comments=True,
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={"http", "https", "mailto", "tel", "data"},
        filter_style_properties=set(_STYLES),
        url_relative="deny",
    )
    return SafeHtml(clean, blocked)


def text_as_html(text: str) -> str:
    """Plain text as HTML that keeps its lines."""
    return f'<div style="white-space:pre-wrap">{html_text.escape(text)}</div>'


def html_as_text(source: str, limit: int = 500) -> str:
    """The text of HTML in one line, for a cell or a preview."""
    text = " ".join(_strip(source[: limit * 40]).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _strip(source: str) -> str:
    if _may_nest_deeply(source):
        return re.sub(r"<[^>]*>?", " ", source)
    spaced = re.sub(r"(?i)<(br|/p|/div|/td|/li|/tr|/h[1-6])\b", r" <\1", source)
    stripped = nh3.clean(spaced, tags=set(), clean_content_tags=set(_DROPPED))
    return html_text.unescape(stripped)


def _may_nest_deeply(source: str) -> bool:
    """Whether there are so many elements that they could nest too deeply to parse."""
    names = (match.group(1).lower() for match in _OPENED.finditer(source))
    return sum(name not in _NEVER_NESTED for name in names) > _MAX_ELEMENTS
