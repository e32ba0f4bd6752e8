"""The frame of the sandbox's own pages: navigation, forms and the small parts that they share.

It must not know any page's content.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from starlette.responses import HTMLResponse

from graphwright_sandbox.pages.layout import NOTICE, document, hidden

BASE = "/_sandbox"
STYLE_PATH = f"{BASE}/console.css"
SCRIPT_PATH = f"{BASE}/console.js"
CSRF_FIELD = "csrf"

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SECTIONS = {
    "/": ("Home", "M3 11 12 3l9 8M6 9v11h12V9"),
    f"{BASE}/people": (
        "People",
        (
            "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM2 21a7 7 0 0 1 14 0M16 3.5a4 4 0 0 1 0 7M18 14"
            "a7 7 0 0 1 4 7"
        ),
    ),
    f"{BASE}/apps": ("App registrations", "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z"),
    f"{BASE}/requests": ("Requests", "M4 6h11M4 12h16M4 18h8M18 4l2 2-2 2"),
    f"{BASE}/faults": ("Faults", "M13 2 4 14h7l-1 8 9-12h-7z"),
    f"{BASE}/reset": ("Reset", "M4 5v5h5M4.5 10a8 8 0 1 1-.5 4"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """What every page needs to know of the request it answers."""

    organization: str
    csrf_token: str
    notice: str = ""
    """What the request before this one did."""


def console_page(
    visit: Visit, section: str, title: str, body: str, *, status: int = 200, wide: bool = False
) -> HTMLResponse:
    """A whole page. `body` is HTML whose values are escaped already."""
    links = "".join(_link(path, path == section) for path in _SECTIONS)
    notice = f'<p class="notice" role="status">{escape(visit.notice)}</p>' if visit.notice else ""
    content = f"""<a class="skip" href="#content">To the content</a>
<header class="bar"><p><strong>Sandbox</strong> <span>{escape(visit.organization)}</span></p>
<p class="badge">{NOTICE}</p></header>
<nav aria-label="Sandbox"><ul>{links}</ul></nav>
<main id="content" tabindex="-1"{' class="wide"' if wide else ""}>
{notice}
{body}
</main>
<p class="visually-hidden" role="status" id="said"></p>"""
    head = (
        f'<link rel="stylesheet" href="{STYLE_PATH}">\n'
        f'<script src="{SCRIPT_PATH}" defer></script>\n'
    )
    # With no referrer at all a browser posts with the origin "null", which no guard can check.
    return document(
        title,
        content,
        policy=_POLICY,
        status=status,
        head=head,
        kind="console",
        referrer="same-origin",
    )


def token_field(visit: Visit) -> str:
    """The field without which no form of these pages does anything."""
    return hidden(CSRF_FIELD, visit.csrf_token)


def button(label: str, address: str, *, about: str = "", kind: str = "") -> str:
    """A button that posts its form to an address; `about` names what it acts on."""
    name = f' aria-label="{escape(label)}: {escape(about)}"' if about else ""
    return f'<button class="action {kind}" formaction="{escape(address)}"{name}>{escape(label)}</button>'


def copy_button(text: str, about: str) -> str:
    """Copies a text; without scripts it is not there, and the text can be selected."""
    return (
        f'<button type="button" class="copy" data-copy="{escape(text)}" '
        f'aria-label="Copy {escape(about)}" hidden>Copy</button>'
    )


def copied(name: str, value: str) -> str:
    """A fact with a button that copies it: a pair of a definition list."""
    return (
        f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code> {copy_button(value, name)}</dd>"
    )


def fact(name: str, html: str) -> str:
    """A pair of a definition list; `html` is escaped already."""
    return f"<dt>{escape(name)}</dt><dd>{html}</dd>"


def badge(text: str, tone: str = "") -> str:
    """A short state: tone is good, bad, warn or nothing."""
    return f'<span class="badge {tone}">{escape(text)}</span>'


def avatar(name: str, identity: str) -> str:
    """The initials of a person on a colour of their own; a decoration."""
    words = name.split()
    letters = "".join(word[0] for word in (words[:1] + words[1:][-1:]))
    tint = sum(identity.encode()) % 6
    return f'<span class="avatar tint{tint}" aria-hidden="true">{escape(letters)}</span>'


def _link(path: str, is_current: bool) -> str:
    title, shape = _SECTIONS[path]
    current = ' aria-current="page"' if is_current else ""
    return (
        f'<li><a href="{path}"{current}><svg viewBox="0 0 24 24" aria-hidden="true">'
        f'<path d="{shape}"/></svg>{title}</a></li>'
    )
