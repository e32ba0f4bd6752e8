"""App registrations from a file: what is read, and every mistake with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from graphwright_sandbox.seed import create_tenant
from graphwright_sandbox.seed.app_registrations import USERS_APP_ID
from graphwright_sandbox.seed.registrations_file import RegistrationsInvalid, read_registrations
from graphwright_sandbox.tenant import SamlSettings
from tests.sandbox.entra.rich_tenant import identity

OWN_ID = "99999999-0000-4000-8000-000000000001"
API_ID = "99999999-0000-4000-8000-000000000002"
WHOLE = f'''
[[app_registrations]]
client_id = "{OWN_ID.upper()}"
display_name = "Own"
secrets = ["first", "second"]
certificate_files = ["client.pem"]
redirect_uris = ["https://own.example/cb", "myapp://auth"]
front_channel_logout_url = "https://own.example/out"
sign_in_audience = "AzureADMultipleOrgs"
delegated_permissions = ["User.Read", "openid", "api://own-api/Things.Read"]
application_permissions = ["User.Read.All"]
admin_consented = true

[[app_registrations.federated_credentials]]
name = "builds"
issuer = "https://builds.example"
subject = "main"
keys_file = "keys.json"

[[app_registrations]]
client_id = "{API_ID}"
display_name = "Own API"
identifier_uris = ["api://own-api"]
exposed_scopes = [{{name = "Things.Read", title = "Read your things"}}]
'''
SAML = (
    "[app_registrations.saml]\n"
    'entity_ids = ["https://own.example/metadata", "urn:own"]\n'
    'reply_urls = ["https://own.example/acs"]\n'
)
HEAD = f'[[app_registrations]]\nclient_id = "{OWN_ID}"\ndisplay_name = "Own"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "client.pem").write_text(identity("own").pem)
    (tmp_path / "keys.json").write_text(identity("builds").jwks)
    (tmp_path / "curve.pem").write_text(_certificate_of_a_curve())
    return tmp_path


def _certificate_of_a_curve() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "curve")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def write(folder: Path, text: str) -> Path:
    file = folder / "apps.toml"
    file.write_text(text, "utf-8")
    return file


def test_registrations_are_added_to_the_seeded_ones(folder: Path) -> None:
    seeded = create_tenant()
    own, api, *rest = read_registrations(write(folder, WHOLE), seeded)
    assert tuple(rest) == seeded.app_registrations
    assert (own.app_id, own.secrets) == (OWN_ID, ("first", "second"))
    assert own.certificates == (identity("own").pem,)
    (credential,) = own.federated_credentials
    assert (credential.subject, credential.audience) == ("main", "api://AzureADTokenExchange")
    assert own.delegated_permissions[2] == "api://own-api/Things.Read"
    assert api.exposed_scopes[0].title == "Read your things"


def test_one_with_a_seeded_client_id_takes_its_place(folder: Path) -> None:
    seeded = create_tenant()
    text = HEAD.replace(OWN_ID, USERS_APP_ID)
    registrations = read_registrations(write(folder, text), seeded)
    assert len(registrations) == len(seeded.app_registrations)
    assert registrations[0].display_name == "Own"


def test_a_file_may_replace_all_that_is_seeded(folder: Path) -> None:
    registrations = read_registrations(
        write(folder, "replace_seeded = true\n" + HEAD), create_tenant()
    )
    assert [app.app_id for app in registrations] == [OWN_ID]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("[[app_registrations]\n", 1, "Expected"),
        ("x = \n", 1, "Invalid value"),
        ("", 1, "app_registrations: Field required"),
        ("app_registrations = []\n", 1, "app_registrations: List should have at least 1 item"),
        ('\n[[app_registrations]]\ndisplay_name = "Own"\n', 2, "client_id: Field required"),
        ('[[app_registrations]]\nclient_id = "x"\ndisplay_name = "Own"\n', 2, "client_id: "),
        (HEAD + "secret = 'x'\n", 4, "secret: Extra inputs are not permitted"),
        (HEAD + "secrets = 'x'\n", 4, "secrets: Input should be a valid list"),
        (HEAD + "\n# note\nsecrets = [\n  1\n]\n", 6, "secrets: Input should be a valid string"),
        (HEAD + 'public_client = "yes"\n', 4, "public_client: Input should be a valid boolean"),
        (HEAD + 'secrets = ["x"]\npublic_client = true\n', 5, "a public client has neither"),
        (HEAD + 'redirect_uris = ["javascript:alert(1)"]\n', 4, "redirect_uris: "),
        (HEAD + 'redirect_uris = ["/cb"]\n', 4, "must be an absolute address"),
        (HEAD + 'redirect_uris = ["https://a.example/#x"]\n', 4, "must be an absolute address"),
        (HEAD + 'front_channel_logout_url = "x"\n', 4, "must be an http or https address"),
        (HEAD + 'sign_in_audience = "Everybody"\n', 4, "sign_in_audience: Input should be"),
        (HEAD + 'identifier_uris = ["own"]\n', 4, "must be of the form api://name"),
        (HEAD + 'delegated_permissions = ["Fish.Read"]\n', 4, "has the permission 'Fish.Read'"),
        (HEAD + 'delegated_permissions = ["api://x/y"]\n', 4, "has the permission 'api://x/y'"),
        (HEAD + 'application_permissions = ["Fish.Read"]\n', 4, "'Fish.Read'"),
        (HEAD + 'certificate_files = ["none.pem"]\n', 4, "none.pem"),
        (HEAD + 'certificate_files = ["keys.json"]\n', 4, "keys.json holds no certificate"),
        (
            HEAD + '[[app_registrations.federated_credentials]]\nname = "a"\nissuer = "b"\n'
            'subject = "c"\nkeys_file = "client.pem"\n',
            8,
            "client.pem holds no JSON Web Key Set",
        ),
        (
            HEAD + '[[app_registrations.federated_credentials]]\nname = "a"\n',
            4,
            "app_registrations.federated_credentials.issuer: Field required",
        ),
        (HEAD + "[app_registrations.saml]\n", 4, "saml.entity_ids: Field required"),
        (HEAD + SAML.replace('["https://own.example/acs"]', "[]"), 6, "saml.reply_urls"),
        (HEAD + SAML.replace("https://own.example/acs", "acs"), 6, "must be an http or https"),
        (HEAD + SAML + 'name_id = "email"\n', 7, "saml.name_id: Input should be"),
        (HEAD + SAML + 'signing = "none"\n', 7, "saml.signing: Input should be"),
        (HEAD + SAML + 'request_certificate_file = "keys.json"\n', 7, "holds no certificate"),
        (HEAD + SAML + 'encryption_certificate_file = "none.pem"\n', 7, "none.pem"),
        (HEAD + SAML + 'encryption_certificate_file = "curve.pem"\n', 7, "holds no RSA key"),
        (
            HEAD + SAML.replace("urn:own", "https://expenses.northwind.example/saml"),
            5,
            "another registration has the entity id",
        ),
        (HEAD + HEAD, 5, "another registration has this client id"),
        (HEAD + 'secrets = ["""\npublic_client = 1\n"""]\nfish = 1\n', 7, "fish: Extra inputs"),
    ],
)
def test_a_mistake_is_told_with_its_line(folder: Path, text: str, line: int, what: str) -> None:
    file = write(folder, text)
    with pytest.raises(RegistrationsInvalid) as error:
        read_registrations(file, create_tenant())
    assert str(error.value).startswith(f"{file}:{line}: ")
    assert what in str(error.value)


def test_a_service_provider_is_read_whole(folder: Path) -> None:
    more = (
        'logout_url = "https://own.example/slo"\nrelay_state = "start"\nname_id = "persistent"\n'
        'signing = "both"\ngroup_claims = true\nrequest_certificate_file = "client.pem"\n'
        'encryption_certificate_file = "client.pem"\n'
    )
    own, *_ = read_registrations(write(folder, HEAD + SAML + more), create_tenant())
    pem = identity("own").pem
    assert own.saml == SamlSettings(
        entity_ids=("https://own.example/metadata", "urn:own"),
        reply_urls=("https://own.example/acs",),
        relay_state="start",
        logout_url="https://own.example/slo",
        name_id="persistent",
        signing="both",
        request_certificate=pem,
        encryption_certificate=pem,
        group_claims=True,
    )


def test_all_mistakes_are_told_at_once_in_the_order_of_lines(folder: Path) -> None:
    second = HEAD.replace(OWN_ID, API_ID) + "public_client = 2\n"
    file = write(folder, HEAD + "secrets = 1\n" + second)
    with pytest.raises(RegistrationsInvalid) as error:
        read_registrations(file, create_tenant())
    places = [line.rpartition(f"{file}:")[2][:2] for line in str(error.value).splitlines()]
    assert places == ["4:", "8:"]


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(RegistrationsInvalid, match=r"apps\.toml"):
        read_registrations(tmp_path / "apps.toml", create_tenant())
    (tmp_path / "apps.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(RegistrationsInvalid, match=r"utf-8"):
        read_registrations(tmp_path / "apps.toml", create_tenant())


def test_no_secret_is_repeated_in_a_mistake(folder: Path) -> None:
    file = write(folder, HEAD + 'secrets = ["hidden value", 7]\npublic_client = "hidden value"\n')
    with pytest.raises(RegistrationsInvalid) as error:
        read_registrations(file, create_tenant())
    assert "hidden value" not in str(error.value)
