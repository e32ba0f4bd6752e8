"""The page on which a person agrees to what an application asks for.

It must not know how consent is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from starlette.responses import Response

from graphwright_sandbox.entra.permissions import Permission
from graphwright_sandbox.pages.layout import hidden, page
from graphwright_sandbox.tenant import Person

_ADMINISTRATOR = "In a real tenant only an administrator may agree to this."


def consent_page(
    *,
    action: str,
    transaction: str,
    app_name: str,
    return_address: str,
    person: Person,
    organization: str,
    delegated: Sequence[Permission],
    roles: Sequence[Permission],
    for_everyone: bool,
    problem: str | None = None,
) -> Response:
    """The permissions with Accept and Cancel; with a problem there is only the way back."""
    whose = f"for everybody at {escape(organization)}" if for_everyone else "for you"
    parts = [
        "<h1>Permissions requested</h1>",
        f"<p>Signed in as <strong><bdi>{escape(person.display_name)}</bdi></strong>",
        f"({escape(person.user_principal_name)}).</p>",
        f"<p><strong>{escape(app_name)}</strong> would like, {whose}, to:</p>",
        _list(delegated),
    ]
    if roles:
        parts += ["<h2>As the application itself, without a signed-in user</h2>", _list(roles)]
    if problem:
        parts.insert(1, f'<p class="problem" role="alert">{escape(problem)}</p>')
    accept = '<button class="action main" name="decision" value="accept">Accept</button>'
    parts.append(
        f"<p>You return to <code>{escape(return_address)}</code>.</p>"
        f'<form method="post" action="{escape(action)}">{hidden("tx", transaction)}'
        '<div class="actions">'
        f"{'' if problem else accept}"
        '<button class="action" name="decision" value="cancel">Cancel</button>'
        "</div></form>"
    )
    return page("Permissions requested", "\n".join(parts))


def _list(permissions: Sequence[Permission]) -> str:
    items = "\n".join(
        f"<li>{escape(permission.text)}<span><code>{escape(permission.name)}</code>"
        f"{' ' + _ADMINISTRATOR if permission.needs_administrator else ''}</span></li>"
        for permission in permissions
    )
    return f'<ul class="permissions">\n{items}\n</ul>'
