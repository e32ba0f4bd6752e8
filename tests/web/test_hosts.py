"""The Host header is the application's own address, or the request is refused."""

import pytest

from tests.web.conftest import MakeSite, Site


@pytest.mark.parametrize("host", ["localhost:8080", "LOCALHOST:8080"])
def test_the_own_host_is_answered(site: Site, host: str) -> None:
    assert site.client.get("/who", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost",
        "localhost:8081",
        "evil.example:8080",
        "127.0.0.1:8080",
        "localhost.:8080",
    ],
)
def test_another_host_is_misdirected(site: Site, host: str) -> None:
    answer = site.client.get("/who", headers={"host": host})
    assert answer.status_code == 421
    assert answer.json()["error"]["hint"] == "Open http://localhost:8080."


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost:8080/x",
        "a b",
        "user@localhost:8080",
        "localhost:8080, evil",
        "[::1",
        "localhost:8080.evil.example:8080",
    ],
)
def test_a_malformed_host_is_a_bad_request(site: Site, host: str) -> None:
    assert site.client.get("/who", headers={"host": host}).status_code == 400


def test_two_hosts_are_a_bad_request(site: Site) -> None:
    headers = [("host", "localhost:8080"), ("host", "evil.example")]
    assert site.client.get("/who", headers=headers).status_code == 400


def test_forwarded_hosts_count_for_nothing(site: Site) -> None:
    headers = {"host": "evil.example", "x-forwarded-host": "localhost:8080"}
    assert site.client.get("/who", headers=headers).status_code == 421


def test_the_scheme_s_own_port_may_be_said_or_not(make_site: MakeSite) -> None:
    site = make_site("https://apps.example.com")
    assert site.client.get("/who", headers={"host": "apps.example.com:443"}).status_code == 200
    assert site.client.get("/who", headers={"host": "apps.example.com"}).status_code == 200
    assert site.client.get("/who", headers={"host": "apps.example.com:80"}).status_code == 421
