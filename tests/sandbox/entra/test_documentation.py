"""The sandbox's page of documentation against its code."""

from __future__ import annotations

import re
from pathlib import Path

from graphwright_sandbox.entra.error_catalogue import CATALOGUE
from graphwright_sandbox.saml.errors import SAML_CATALOGUE
from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.seed.registrations_file import (
    RegistrationEntry,
    SamlEntry,
    read_registrations,
)
from tests.sandbox.entra.rich_tenant import identity

PAGE = Path(__file__).parents[3] / "docs" / "sandbox.md"


def test_every_error_code_is_documented_and_no_other() -> None:
    rows = re.findall(r"^\| AADSTS(\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert {int(row) for row in rows} == CATALOGUE.keys() | SAML_CATALOGUE.keys()


def test_the_documented_file_of_registrations_can_be_read(tmp_path: Path) -> None:
    section = PAGE.read_text("utf-8").partition("### Own app registrations")[2]
    text = section.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "client.pem").write_text(identity("own").pem)
    (tmp_path / "keys.json").write_text(identity("builds").jwks)
    file = tmp_path / "apps.toml"
    file.write_text(text, "utf-8")
    registrations = read_registrations(file, create_tenant())
    assert [app.display_name for app in registrations[:4]] == [
        "My application",
        "My API",
        "My device",
        "My service provider",
    ]
    fields = set(re.findall(r"^(\w+) = ", text, re.MULTILINE)) | {"federated_credentials", "saml"}
    assert RegistrationEntry.model_fields.keys() <= fields
    assert SamlEntry.model_fields.keys() <= fields
