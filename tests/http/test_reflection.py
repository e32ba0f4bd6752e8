"""Answers that give back the credentials of their request."""

import base64
import json
from urllib.parse import quote

import pytest

from graphwright.http.reflection import without_credentials
from graphwright.http.transport import Exchange

TOKEN = "planted.token/with+signs=="
PASSWORD = 'pä"ss/word'
PAIR = base64.b64encode(f"me:{PASSWORD}".encode()).decode()


def answer(text: str) -> Exchange:
    return Exchange(
        200, {"x-echo": text, "x-other": "kept"}, f"<{text}> kept".encode(), "https://x/"
    )


@pytest.mark.parametrize(
    ("authorization", "echoed"),
    [
        (f"Bearer {TOKEN}", f"Bearer {TOKEN}"),
        (f"Bearer {TOKEN}", quote(TOKEN, safe="")),
        (f"Basic {PAIR}", f"Basic {PAIR}"),
        (f"Basic {PAIR}", quote(PAIR, safe="")),
        (f"Basic {PAIR}", f"me:{PASSWORD}"),
        (f"Basic {PAIR}", PASSWORD),
        (f"Basic {PAIR}", quote(PASSWORD, safe="")),
        (f"Basic {PAIR}", json.dumps(PASSWORD)),
        (f"Basic {PAIR}", json.dumps(PASSWORD, ensure_ascii=False)),
    ],
)
def test_credentials_that_are_echoed_are_taken_out_in_every_form(
    authorization: str, echoed: str
) -> None:
    found = without_credentials(answer(echoed), authorization)
    core = echoed.removeprefix("Bearer ").removeprefix("Basic ").strip('"')
    assert core not in found.content.decode() + str(found.headers)
    assert found.content.endswith(b" kept")
    assert found.headers["x-other"] == "kept"


def test_an_answer_without_them_stays_the_very_same() -> None:
    before = answer("nothing of it")
    assert without_credentials(before, f"Bearer {TOKEN}") is before
    # So short a password may stand anywhere.
    pair = base64.b64encode(b"me:of").decode()
    assert without_credentials(before, f"Basic {pair}") is before
