"""Definitions of profiles: what is refused, settings, clouds, hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from graphwright.kernel.clouds import CLOUDS
from graphwright.kernel.errors import InvalidInput, NotFound
from graphwright.kernel.settings import SettingMissing, Settings
from graphwright.profiles import ProfileInvalid
from graphwright.profiles.definition import PROFILE_KINDS, authority_of, profile_model, resolve
from graphwright.profiles.kinds.oauth2_entra.config import Config

USER: dict[str, Any] = {
    "type": "oauth2_entra",
    "grant_type": "authorization_code",
    "tenant": "contoso.example",
    "client_id": "app",
    "client_secret": {"secret": "APP_SECRET"},
}
APPLICATION = USER | {"grant_type": "client_credentials"}


def settings_of(tmp_path: Path, **values: str) -> Settings:
    return Settings.read(tmp_path, environment=values)


def test_the_kind_is_found_by_its_folder_and_has_help() -> None:
    assert "oauth2_entra" in PROFILE_KINDS.names()
    assert profile_model("oauth2_entra") is Config
    assert "client_credentials" in PROFILE_KINDS.kind("oauth2_entra").help
    with pytest.raises(NotFound, match="oauth2_entra"):
        profile_model("oauth2_entry")


def test_every_field_is_described() -> None:
    properties = Config.model_json_schema()["properties"]
    assert {"tenant", "cloud", "client_secret", "extra_hosts"} <= set(properties)
    for name, schema in properties.items():
        assert schema.get("description"), name


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"surprise": 1}, "surprise", "Extra inputs"),
        ({"grant_type": "password"}, "grant_type", "authorization_code"),
        ({"cloud": "mars"}, "cloud", "global"),
        ({"tenant": ""}, "tenant", "at least 1"),
        ({"tenant": "a/b"}, "", "id"),
        ({"client_id": None}, "client_id", "string"),
        ({"client_secret": "p4ssw0rd-literal"}, "client_secret", "write {secret: NAME} and set"),
        ({"client_secret": {"secret": "p4ssw0rd-literal"}}, "client_secret.secret", "pattern"),
        ({"client_secret": {"value": "p4ssw0rd-literal"}}, "client_secret.secret", "required"),
        ({"authority": "http://login.example"}, "authority", "https"),
        ({"authority": "login.example"}, "authority", "base URL"),
        ({"graph": "https://user@graph.example"}, "graph", "base URL"),
        ({"graph": "https://graph.example?x=1"}, "graph", "base URL"),
        ({"graph": "https://graph.example:notaport"}, "graph", "base URL"),
        ({"extra_hosts": ["*.example.com"]}, "extra_hosts.0", "in full"),
        ({"extra_hosts": ["https://a.example"]}, "extra_hosts.0", "host name"),
        ({"extra_transfer_hosts": ["a.example/x"]}, "extra_transfer_hosts.0", "host name"),
        ({"extra_transfer_hosts": ["*"]}, "extra_transfer_hosts.0", "host name"),
        ({"scopes": ["User.Read Mail.Read"]}, "", "one permission an entry"),
        ({"grant_type": "client_credentials", "client_secret": None}, "", "write {secret: NAME}"),
        ({"grant_type": "client_credentials", "scopes": ["User.Read"]}, "", "no scopes"),
        ({"grant_type": "client_credentials", "tenant": "common"}, "", "one tenant"),
    ],
)
def test_a_wrong_definition_is_refused_with_its_field(
    changes: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        Config.model_validate(USER | changes)
    problems = {".".join(map(str, e["loc"])): e["msg"] for e in caught.value.errors()}
    assert reason in problems.get(field, ""), problems


def test_a_literal_secret_shows_nowhere_in_its_problem() -> None:
    with pytest.raises(ValidationError) as caught:
        Config.model_validate(USER | {"client_secret": "p4ssw0rd-literal"})
    shown = str(caught.value) + repr(caught.value.errors()[0])
    assert "client_secret" in shown
    assert "p4ssw0rd" not in shown


def test_settings_are_filled_in_and_the_definition_keeps_its_text(tmp_path: Path) -> None:
    definition = Config.model_validate(
        USER
        | {
            "tenant": "${TENANT}",
            "authority": "${AUTHORITY:-}",
            "graph": "${GRAPH:-https://localhost:8443}",
            "ca_file": "${CA:-}",
            "extra_hosts": ["${HOST}"],
        }
    )
    settings = settings_of(tmp_path, TENANT="contoso.example", HOST="Extra.Example", CA="ca.pem")
    resolved = resolve("graph-user", definition, settings)
    assert resolved.tenant == "contoso.example"
    assert resolved.authority_url == "https://login.microsoftonline.com"
    assert resolved.base_url() == "https://localhost:8443/v1.0"
    assert resolved.hosts() == {"localhost:8443", "extra.example"}
    assert "localhost:8443" in resolved.transfer_hosts
    assert resolved.ca_file == str(tmp_path / "ca.pem")
    assert definition.tenant == "${TENANT}"
    assert definition.model_dump(exclude_unset=True)["authority"] == "${AUTHORITY:-}"


def test_a_missing_setting_names_file_and_field(tmp_path: Path) -> None:
    definition = Config.model_validate(USER | {"extra_hosts": ["a.example", "${HOST}"]})
    with pytest.raises(SettingMissing, match="HOST") as caught:
        resolve("graph-user", definition, settings_of(tmp_path))
    assert caught.value.place is not None
    assert caught.value.place.file == "profiles/graph-user.yaml"
    assert caught.value.place.field == "extra_hosts.1"


@pytest.mark.parametrize(
    ("changes", "values", "field"),
    [
        ({"authority": "${A}"}, {"A": "http://evil.example"}, "authority"),
        ({"authority": "${A}"}, {"A": "http://localhost:1"}, "authority"),
        ({"graph": "${A}"}, {"A": "nonsense"}, "graph"),
        ({"extra_hosts": ["${A}"]}, {"A": "*.example"}, "extra_hosts.0"),
        ({"tenant": "${A}"}, {"A": "a/../b"}, ""),
    ],
)
def test_a_setting_that_makes_no_profile_is_refused(
    tmp_path: Path, changes: dict[str, Any], values: dict[str, str], field: str
) -> None:
    definition = Config.model_validate(USER | changes)
    with pytest.raises(ProfileInvalid) as caught:
        resolve("p", definition, settings_of(tmp_path, **values))
    assert caught.value.place is not None
    assert caught.value.place.file == "profiles/p.yaml"
    assert (caught.value.place.field or "") == field


def test_an_unresolved_profile_gives_no_hosts() -> None:
    definition = Config.model_validate(USER | {"graph": "${GRAPH}"})
    with pytest.raises(InvalidInput, match="not filled in"):
        definition.hosts()


@pytest.mark.parametrize(
    ("cloud", "login", "graph"),
    [
        ("global", "login.microsoftonline.com", "graph.microsoft.com"),
        ("usgov", "login.microsoftonline.us", "graph.microsoft.us"),
        ("usgov_dod", "login.microsoftonline.us", "dod-graph.microsoft.us"),
        ("china", "login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn"),
    ],
)
def test_each_cloud_has_its_own_hosts(cloud: str, login: str, graph: str) -> None:
    profile = Config.model_validate(USER | {"cloud": cloud})
    assert profile.authority_url == f"https://{login}"
    assert profile.hosts() == {graph}
    assert profile.base_url("beta") == f"https://{graph}/beta"
    assert graph not in profile.transfer_hosts
    application = Config.model_validate(APPLICATION | {"cloud": cloud})
    assert application.requested_scopes() == [f"https://{graph}/.default"]
    assert set(CLOUDS) == {"global", "usgov", "usgov_dod", "china"}


def test_scopes_name_the_resource_where_the_cloud_is_not_the_global_one() -> None:
    scopes = ["openid", "offline_access", "Mail.Read", "https://other.example/Read"]
    own = Config.model_validate(USER | {"scopes": scopes})
    assert own.requested_scopes() == ["Mail.Read", "https://other.example/Read"]
    china = Config.model_validate(USER | {"scopes": scopes, "cloud": "china"})
    assert china.requested_scopes() == [
        "https://microsoftgraph.chinacloudapi.cn/Mail.Read",
        "https://other.example/Read",
    ]
    assert Config.model_validate(USER).requested_scopes() == ["User.Read"]


def test_an_own_graph_does_not_change_the_resource_of_tokens() -> None:
    profile = Config.model_validate(APPLICATION | {"graph": "https://localhost:8443"})
    assert profile.requested_scopes() == ["https://graph.microsoft.com/.default"]


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://Graph.Microsoft.com", "graph.microsoft.com"),
        ("https://a.example:443/x", "a.example"),
        ("http://localhost:80", "localhost"),
        ("https://localhost:8443/", "localhost:8443"),
    ],
)
def test_a_host_is_written_one_way(url: str, authority: str) -> None:
    assert authority_of(url) == authority


def test_settings_stand_for_what_a_profile_leaves_out(tmp_path: Path) -> None:
    given = {
        "GRAPHWRIGHT_AUTHORITY": "https://localhost:8443/",
        "GRAPHWRIGHT_GRAPH": "https://localhost:8444",
        "GRAPHWRIGHT_TRANSFERS": "https://127.0.0.1:8445",
        "GRAPHWRIGHT_CA_FILE": "ca.pem",
    }
    definition = Config.model_validate(USER)
    found = resolve("p", definition, settings_of(tmp_path, **given))
    assert found.authority_url == "https://localhost:8443"
    assert found.api_base_url == "https://localhost:8444"
    assert found.hosts() == {"localhost:8444"}
    assert found.transfer_hosts >= {"127.0.0.1:8445", "*.sharepoint.com"}
    assert found.ca_file == str(tmp_path / "ca.pem")
    own = Config.model_validate({**USER, "authority": "https://login.example", "graph": ""})
    found = resolve("p", own, settings_of(tmp_path, **given))
    assert found.authority_url == "https://login.example"
    assert found.api_base_url == CLOUDS["global"].graph
    assert resolve("p", definition, settings_of(tmp_path)).authority_url == (
        CLOUDS["global"].authority
    )


@pytest.mark.parametrize("value", ["http://login.example", "login.example", "https://x@y.example"])
def test_a_wrong_setting_is_refused_by_its_name(tmp_path: Path, value: str) -> None:
    settings = settings_of(tmp_path, GRAPHWRIGHT_AUTHORITY=value)
    with pytest.raises(ProfileInvalid) as caught:
        resolve("p", Config.model_validate(USER), settings)
    assert caught.value.place is not None
    assert caught.value.place.field == "authority"
    assert "GRAPHWRIGHT_AUTHORITY" in caught.value.hint
