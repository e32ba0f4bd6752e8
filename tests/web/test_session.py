"""Sessions: what the database keeps, how they end, and what changes at sign-in."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from graphwright.kernel.errors import InvalidInput
from graphwright.kernel.settings import Settings
from graphwright.web.session import SessionLimits, sessions_table
from tests.web.conftest import MakeSite, Site


def test_the_database_keeps_no_secret_that_a_cookie_could_be_made_of(site: Site) -> None:
    site.client.get("/begin")
    secret = site.client.cookies[site.cookie.name]
    with site.database.engine.connect() as connection:
        row = connection.execute(sa.select(sessions_table)).one()
    assert secret not in str(row)
    assert site.csrf() not in str(row)
    assert len(secret) >= 43


def test_a_cookie_is_http_only_and_lax_and_on_loopback_named_after_the_port(site: Site) -> None:
    header = site.client.get("/begin").headers["set-cookie"].lower()
    assert header.startswith("graphwright_8080=")
    assert "httponly" in header
    assert "samesite=lax" in header
    assert "path=/" in header
    assert "domain" not in header
    # Safari refuses Secure cookies over http, also on this machine.
    assert "secure" not in header


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(make_site: MakeSite) -> None:
    site = make_site("https://apps.example.com")
    header = site.client.get("/begin").headers["set-cookie"]
    assert header.startswith("__Host-graphwright=")
    assert "; Secure" in header
    assert "Path=/" in header
    assert "Domain" not in header


def test_a_session_ends_after_an_hour_without_a_request(site: Site) -> None:
    site.client.get("/begin")
    for _ in range(3):
        site.clock.pass_time(minutes=59)
        assert site.client.get("/who").json()["id"]
    site.clock.pass_time(minutes=60)
    assert site.client.get("/who").json() == {"id": None, "expired": True}
    with site.database.engine.connect() as connection:
        assert connection.execute(sa.select(sessions_table)).all() == []


def test_a_session_ends_after_twelve_hours_however_busy(site: Site) -> None:
    site.client.get("/begin")
    for _ in range(23):
        site.clock.pass_time(minutes=30)
        assert site.client.get("/who").json()["id"]
    site.clock.pass_time(minutes=30)
    assert site.client.get("/who").json()["id"] is None


def test_a_session_that_ended_is_removed_when_another_begins(site: Site) -> None:
    site.client.get("/begin")
    site.clock.pass_time(hours=2)
    site.client.cookies.clear()
    site.client.get("/begin")
    with site.database.engine.connect() as connection:
        assert len(connection.execute(sa.select(sessions_table)).all()) == 1


def test_sign_in_changes_the_secret_and_keeps_the_session(site: Site) -> None:
    begun = site.client.get("/begin").json()["id"]
    planted = site.client.cookies[site.cookie.name]
    token = site.csrf()
    assert site.client.get("/sign-in/anna").json()["id"] == begun
    assert site.client.cookies[site.cookie.name] != planted
    assert site.client.get("/who").json()["who"] == "anna"
    assert site.csrf() != token
    site.client.cookies.clear()
    site.client.cookies.set(site.cookie.name, planted)
    assert site.client.get("/who").json()["id"] is None


def test_another_person_gets_a_session_of_their_own(site: Site) -> None:
    anna = site.client.get("/sign-in/anna").json()["id"]
    before = site.client.cookies[site.cookie.name]
    bert = site.client.get("/sign-in/bert").json()["id"]
    assert anna != bert
    site.client.cookies.clear()
    site.client.cookies.set(site.cookie.name, before)
    assert site.client.get("/who").json()["id"] is None


def test_the_same_person_signing_in_again_keeps_the_session(site: Site) -> None:
    first = site.client.get("/sign-in/anna").json()["id"]
    assert site.client.get("/sign-in/anna").json()["id"] == first


def test_sign_in_starts_the_twelve_hours_anew(site: Site) -> None:
    site.client.get("/begin")
    for _ in range(22):
        site.clock.pass_time(minutes=30)
        site.client.get("/who")
    site.client.get("/sign-in/anna")
    for _ in range(4):
        site.clock.pass_time(minutes=30)
        assert site.client.get("/who").json()["who"] == "anna"


@pytest.mark.parametrize("value", ["", "x" * 5000, "é", "graphwright", "'; drop table _sessions"])
def test_a_cookie_nobody_gave_out_is_nobody(site: Site, value: str) -> None:
    header = f"{site.cookie.name}={value}".encode()
    answer = site.client.get("/who", headers=[(b"cookie", header)])
    assert answer.status_code == 200
    assert answer.json()["id"] is None


async def test_a_session_removed_while_somebody_signs_in_is_made_anew(site: Site) -> None:
    session = await site.sessions.create()
    await site.sessions.remove(session.id)
    signed_in = await site.sessions.sign_in(session, "anna")
    found = await site.sessions.find(signed_in.secret)
    assert found is not None
    assert found.principal_id == "anna"


async def test_the_time_zone_is_kept(site: Site) -> None:
    session = await site.sessions.create()
    await site.sessions.remember_time_zone(session, "Asia/Kolkata")
    found = await site.sessions.find(session.secret)
    assert found is not None
    assert found.time_zone == "Asia/Kolkata"


def test_time_outs_come_from_settings(tmp_path: Path) -> None:
    settings = Settings.read(
        tmp_path,
        environment={"GRAPHWRIGHT_SESSION_IDLE_MINUTES": "5", "GRAPHWRIGHT_SESSION_HOURS": "1"},
    )
    limits = SessionLimits.read(settings)
    assert (limits.idle, limits.absolute) == (timedelta(minutes=5), timedelta(hours=1))


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "soon", "٣", "1000000"])
def test_a_time_out_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    settings = Settings.read(tmp_path, environment={"GRAPHWRIGHT_SESSION_IDLE_MINUTES": value})
    with pytest.raises(InvalidInput, match="GRAPHWRIGHT_SESSION_IDLE_MINUTES"):
        SessionLimits.read(settings)
