"""Writes from elsewhere: each of the three checks refuses on its own."""

import pytest

from tests.web.conftest import MakeSite, Site


def test_a_write_with_the_token_passes(site: Site) -> None:
    site.client.get("/begin")
    headers = {
        "x-csrf-token": site.csrf(),
        "origin": "http://localhost:8080",
        "sec-fetch-site": "same-origin",
    }
    answer = site.client.post("/write", headers=headers, json={"a": 1})
    assert answer.json() == {"got": {"a": 1}}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {"x-csrf-token": ""},
        {"x-csrf-token": "wrong"},
        {"x-csrf-token": "wr\u00f6ng"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:8081"},
        {"origin": "https://localhost:8080"},
        {"origin": "http://localhost:8080.evil.example"},
        {"origin": "null"},
    ],
)
def test_a_write_from_elsewhere_is_refused(
    site: Site, method: str, headers: dict[str, str]
) -> None:
    site.client.get("/begin")
    sent = {"x-csrf-token": site.csrf(), **headers}
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
    answer = site.client.request(method, "/write", headers=encoded)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "csrfRefused"


def test_a_write_without_any_token_is_refused(site: Site) -> None:
    site.client.get("/begin")
    assert site.client.post("/write", json={}).status_code == 403


def test_the_token_of_another_session_is_refused(site: Site) -> None:
    site.client.get("/begin")
    token = site.csrf()
    site.client.cookies.clear()
    site.client.get("/begin")
    answer = site.client.post("/write", headers={"x-csrf-token": token}, json={})
    assert answer.json()["error"]["code"] == "csrfRefused"


def test_a_write_without_a_session_says_that_it_ended(site: Site) -> None:
    answer = site.client.post("/write", headers={"x-csrf-token": "x"}, json={})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "sessionExpired"


def test_the_default_port_in_an_origin_is_the_same_origin(make_site: MakeSite) -> None:
    site = make_site("https://apps.example.com")
    site.client.get("/begin")
    headers = {"x-csrf-token": site.csrf(), "origin": "https://apps.example.com:443"}
    assert site.client.post("/write", headers=headers, json=1).status_code == 200
