"""Security headers stand on every answer, failures included."""

import pytest

from graphwright.web.headers import content_security_policy, frame_policy, new_nonce
from tests.web.conftest import MakeSite, Site


@pytest.mark.parametrize("path", ["/who", "/nowhere", "/api/fail", "/fail"])
def test_every_answer_has_the_headers(site: Site, path: str) -> None:
    headers = site.client.get(path).headers
    policy = headers["content-security-policy"]
    for directive in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ):
        assert directive in policy.split("; ")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers


def test_https_is_asked_for_where_it_is_spoken(make_site: MakeSite) -> None:
    headers = make_site("https://apps.example.com").client.get("/who").headers
    assert headers["strict-transport-security"].startswith("max-age=31536000")


def test_a_refused_host_has_the_headers_too(site: Site) -> None:
    answer = site.client.get("/who", headers={"host": "evil.example"})
    assert "content-security-policy" in answer.headers


def test_an_answer_s_own_policy_stands(site: Site) -> None:
    assert site.client.get("/own-policy").headers["content-security-policy"] == "sandbox"


def test_a_nonce_is_for_styles_only_and_never_comes_twice() -> None:
    first, second = new_nonce(), new_nonce()
    assert first != second
    policy = content_security_policy(first).split("; ")
    assert f"style-src 'self' 'nonce-{first}'" in policy
    assert "script-src 'self'" in policy


@pytest.mark.parametrize(
    ("remote_images", "images"), [(False, "img-src data:"), (True, "img-src data: https:")]
)
def test_a_frame_may_show_and_nothing_else(remote_images: bool, images: str) -> None:
    policy = frame_policy(remote_images=remote_images).split("; ")
    assert images in policy
    assert "default-src 'none'" in policy
    assert "form-action 'none'" in policy
    sandbox = next(item for item in policy if item.startswith("sandbox"))
    assert "allow-scripts" not in sandbox
    assert "allow-same-origin" not in sandbox
    assert "allow-forms" not in sandbox
