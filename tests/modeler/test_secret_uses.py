"""Which secrets the model names, and where they are set."""

from pathlib import Path

from graphwright.kernel.settings import Settings
from graphwright.modeler.secret_uses import list_secrets


def test_the_secrets_of_a_request_are_listed_like_those_of_a_profile() -> None:
    shown = {
        "type": "client_certificate",
        "certificate": {"secret": "MY_CERTIFICATE"},
        "passphrase": {"secret": "MY_PASSPHRASE"},
    }
    values = {
        "flows/f.yaml": {
            "nodes": {
                "a": {"authentication": shown, "body": {"json": {"secret": "NO_NAME"}}},
                "b": {"authentication": {"type": "basic", "password": {"secret": "MY_PASSWORD"}}},
            }
        }
    }
    listed = list_secrets(values, Settings.read(Path("/nowhere"), environment={}))
    assert [(one.name, one.where, one.used_by) for one in listed] == [
        (name, "missing", ["flows/f.yaml"])
        for name in ("MY_CERTIFICATE", "MY_PASSPHRASE", "MY_PASSWORD")
    ]
