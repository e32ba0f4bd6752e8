"""Answers that give back the credentials of their request."""

import base64
import json
from urllib.parse import quote

import pytest

from graphwright.http.client import HttpClient
from graphwright.http.reflection import without_credentials
from graphwright.http.transport import Exchange
from tests.http.conftest import TOKEN, FakeProfiles, Server, reply
from tests.http.helpers import fail, make_call

PLANTED = "planted.token/with+signs=="
PASSWORD = 'pä"ss/word'
PAIR = base64.b64encode(f"me:{PASSWORD}".encode()).decode()


def answer(text: str) -> Exchange:
    return Exchange(
        200, {"x-echo": text, "x-other": "kept"}, f"<{text}> kept".encode(), "https://x/"
    )


@pytest.mark.parametrize(
    ("authorization", "echoed"),
    [
        (f"Bearer {PLANTED}", f"Bearer {PLANTED}"),
        (f"Bearer {PLANTED}", quote(PLANTED, safe="")),
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
    assert without_credentials(before, f"Bearer {PLANTED}") is before
    # So short a password may stand anywhere.
    pair = base64.b64encode(b"me:of").decode()
    assert without_credentials(before, f"Basic {pair}") is before


@pytest.mark.parametrize("status", [200, 400, 500])
async def test_a_token_that_the_server_gives_back_is_in_no_answer_and_no_error(
    client: HttpClient, server: Server, profiles: FakeProfiles, status: int
) -> None:
    call = make_call(profiles, "/me")
    token = f"{TOKEN}-0"
    body = {"error": {"code": "x", "message": f"No: {token}"}} if status > 200 else {"you": token}
    server.answers = [reply(status, body, {"x-echo": f"Bearer {token}"})] * 6
    if status == 200:
        response = await client.send(call)
        told = ""
    else:
        error = await fail(client, call)
        assert error.response is not None
        response, told = error.response, str(error.to_wire())
    assert server.seen[0].headers["authorization"] == f"Bearer {token}"
    assert "*****" in str(response.body)
    assert token not in f"{response.body} {response.headers} {told}"
