"""The page on which a person chooses who to be. It must not know sessions nor requests."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from starlette.responses import Response

from graphwright_sandbox.pages.layout import hidden, page
from graphwright_sandbox.tenant import Person


def picker_page(
    *,
    action: str,
    transaction: str,
    app_name: str,
    organization: str,
    first: Sequence[Person],
    others: Sequence[Person],
    signed_in: set[str],
    search: str,
    problem: str | None,
    status: int,
) -> Response:
    """The people of the tenant as buttons; those of this browser come first."""
    parts = [
        "<h1>Choose who to sign in as</h1>",
        f"<p><strong>{escape(app_name)}</strong> asks who you are at {escape(organization)}.</p>",
    ]
    if problem:
        parts.append(f'<p class="problem" role="alert">{escape(problem)}</p>')
    parts.append(_search_form(action, transaction, search))
    parts.append(f'<form method="post" action="{escape(action)}">{hidden("tx", transaction)}')
    if first:
        title = "Signed in on this browser" if signed_in else "Suggested by the application"
        parts += [f"<h2>{title}</h2>", _list(first, signed_in)]
    if others:
        title = "Other people" if first else "People"
        parts += [f"<h2>{title}</h2>", _list(others, signed_in)]
    parts.append("</form>")
    if not first and not others:
        parts.append(f'<p role="status">Nobody here matches “{escape(search)}”.</p>')
    return page("Choose who to sign in as", "\n".join(parts), status=status)


def _search_form(action: str, transaction: str, search: str) -> str:
    return f"""<form class="search" role="search" method="get" action="{escape(action)}">
{hidden("tx", transaction)}
<div><label for="q">Find a person</label>
<input id="q" type="search" name="q" value="{escape(search)}" autocomplete="off"></div>
<button class="action">Search</button>
</form>"""


def _list(people: Sequence[Person], signed_in: set[str]) -> str:
    items = "\n".join(_button(person, person.id in signed_in) for person in people)
    return f'<ul class="people">\n{items}\n</ul>'


def _button(person: Person, is_signed_in: bool) -> str:
    # The button is named by the person alone; the rest describes it.
    name, details = f"name-{escape(person.id)}", f"details-{escape(person.id)}"
    job = escape(", ".join(filter(None, (person.job_title, person.city))))
    note = "<span>Signed in</span>" if is_signed_in else ""
    return f"""<li><button class="person" name="person" value="{escape(person.id)}"
 aria-labelledby="{name}" aria-describedby="{details}">
<strong id="{name}" dir="auto">{escape(person.display_name)}</strong>
<span id="{details}">{job}<span>{escape(person.user_principal_name)}</span>{note}</span>
</button></li>"""
