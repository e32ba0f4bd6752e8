"""The way from the portal into the modeler: for whoever is signed in, where a server offers it."""

from starlette.testclient import TestClient

from graphwright.portal.app import create_portal
from tests.portal.conftest import BASE_URL, Browser, Place

LINK = "http://localhost:8090/start?token=once"


def offering(place: Place) -> Browser:
    """A browser at a portal that has a modeler beside it."""
    app = create_portal(place.runtime, open_modeler=lambda: LINK)
    client = TestClient(app, base_url=BASE_URL, follow_redirects=False)
    client.portal = place.loop
    return Browser(client)


def test_a_portal_alone_has_no_modeler(anna: Browser) -> None:
    assert anna.session()["modeler"] is False
    assert anna.post("/api/modeler", {}).status_code == 404


def test_who_is_signed_in_gets_a_link(place: Place) -> None:
    anna = offering(place).sign_in("anna")
    assert anna.session()["modeler"] is True
    assert anna.post("/api/modeler", {}).json() == {"url": LINK}


def test_nobody_else_gets_one(place: Place) -> None:
    stranger = offering(place)
    assert stranger.session()["modeler"] is False
    refused = stranger.post("/api/modeler", {})
    assert refused.status_code == 401
    assert LINK not in refused.text


def test_no_other_site_gets_one(place: Place) -> None:
    anna = offering(place).sign_in("anna")
    refused = anna.client.post("/api/modeler", json={})
    assert refused.json()["error"]["code"] == "csrfRefused"
    assert anna.client.get("/api/modeler").status_code in (404, 405)
