"""The page on which a person types a password. It must not know what the right one is."""

from __future__ import annotations

from html import escape

from starlette.responses import Response

from graphwright_sandbox.pages.layout import hidden, page
from graphwright_sandbox.tenant import Person


def password_page(
    *, action: str, transaction: str, person: Person, problem: str | None = None
) -> Response:
    """Asks for the password of a person."""
    parts = ["<h1>Enter your password</h1>"]
    parts.append(
        f"<p><strong><bdi>{escape(person.display_name)}</bdi></strong> "
        f"({escape(person.user_principal_name)})</p>"
    )
    if problem:
        parts.append(f'<p class="problem" role="alert">{escape(problem)}</p>')
    parts.append(
        f'<form method="post" action="{escape(action)}">{hidden("tx", transaction)}'
        '<div><label for="password">Password</label> '
        '<input id="password" type="password" name="password" '
        'autocomplete="current-password" required></div>'
        '<div class="actions"><button class="action main">Sign in</button></div></form>'
    )
    status = 400 if problem else 200
    return page("Enter your password", "\n".join(parts), status=status)
