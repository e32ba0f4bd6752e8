"""The page of ``response_mode=form_post``: posts the answer to the application.

It must not know what the answer says.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

from starlette.responses import Response

from graphwright_sandbox.pages.layout import hidden, page

_SCRIPT = "document.forms[0].submit()"
_SCRIPT_HASH = "sha256-" + base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()


def form_post_page(address: str, fields: Mapping[str, str]) -> Response:
    """Submits itself; without scripts a person presses the button."""
    inputs = "\n".join(hidden(name, value) for name, value in fields.items())
    scheme = urlsplit(address).scheme
    body = f"""<h1>Back to the application</h1>
<form method="post" action="{escape(address)}">
{inputs}
<button class="action main">Continue</button>
</form>
<script>{_SCRIPT}</script>"""
    return page(
        "Back to the application",
        body,
        script_hash=_SCRIPT_HASH,
        form_targets=f"http: https: {scheme}:",
    )
