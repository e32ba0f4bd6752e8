"""The pages of a sign-in for a device: where its code is typed, and what is said at the end.

They must not know how codes are kept.
"""

from __future__ import annotations

from html import escape

from starlette.responses import Response

from graphwright_sandbox.pages.layout import page


def device_code_page(action: str, *, problem: str | None = None) -> Response:
    """Asks for the code that a device shows."""
    parts = ["<h1>Enter the code of your device</h1>"]
    if problem:
        parts.append(f'<p class="problem" role="alert">{escape(problem)}</p>')
    parts.append(
        "<p>Go on only if you started this yourself: whoever gave you a code of theirs would be "
        "signed in as you.</p>"
        f'<form method="post" action="{escape(action)}">'
        '<div><label for="user_code">Code</label> '
        '<input id="user_code" name="user_code" autocomplete="off" autocapitalize="characters" '
        'spellcheck="false" maxlength="20" required></div>'
        '<div class="actions"><button class="action main">Next</button></div></form>'
    )
    status = 400 if problem else 200
    return page("Enter the code of your device", "\n".join(parts), status=status)


def device_done_page(app_name: str, *, refused: str | None = None) -> Response:
    """Says that the device may go on, or that it may not."""
    title = "The device was refused" if refused else "You signed in on your device"
    text = (
        f'<p class="problem">{escape(refused)}</p>'
        if refused
        else f"<p>You signed in to <strong>{escape(app_name)}</strong> on your device. You may now "
        "close this window.</p>"
    )
    return page(title, f"<h1>{title}</h1>\n{text}")
