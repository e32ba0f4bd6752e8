"""The engine: what of the draft's profiles it follows, and what it leaves alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graphwright.modeler.engine import Engine
from graphwright.profiles.errors import ProfileInvalid, ProfileUnknown

PROFILE = """
type: oauth2_entra
grant_type: client_credentials
tenant: contoso.example
client_id: ${CLIENT}
client_secret: {secret: SECRET}
"""


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    folder = tmp_path / ".graphwright" / "modeler"
    (folder / "draft" / "profiles").mkdir(parents=True)
    environment = {"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json"), "CLIENT": "client-1"}
    running = Engine.open(
        tmp_path, folder, base_url="http://localhost:8080", environment=environment
    )
    yield running
    await running.close()


def write(engine: Engine, name: str, text: str) -> None:
    (engine.draft / "profiles" / f"{name}.yaml").write_text(text, "utf-8")


async def test_an_edited_profile_is_followed_and_others_cost_nothing(engine: Engine) -> None:
    write(engine, "ours", PROFILE)
    before = await engine.profiles()
    assert before.definition("ours").registration().client_id == "client-1"
    (engine.draft / "flows").mkdir()
    (engine.draft / "flows" / "broken.yaml").write_text("{", "utf-8")
    assert await engine.profiles() is before
    write(engine, "ours", PROFILE.replace("${CLIENT}", "client-2"))
    after = await engine.profiles()
    assert after.definition("ours").registration().client_id == "client-2"


async def test_the_client_stays_the_same_and_sends_with_the_profiles_of_now(
    engine: Engine,
) -> None:
    write(engine, "ours", PROFILE)
    client = await engine.http()
    write(engine, "theirs", PROFILE)
    assert await engine.http() is client
    assert (await engine.profiles()).definition("theirs").type == "oauth2_entra"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("type: [", "YAML"),
        ("type: nowhere", "nowhere"),
        (PROFILE.replace("contoso.example", "common"), "tenant"),
        (PROFILE.replace("{secret: SECRET}", "hunter2-hunter2"), "a secret never stands"),
    ],
)
async def test_a_broken_profile_is_told_when_it_is_used_and_hinders_no_other(
    engine: Engine, text: str, said: str
) -> None:
    write(engine, "broken", text)
    write(engine, "ours", PROFILE)
    profiles = await engine.profiles()
    assert profiles.definition("ours").flavour == "application"
    with pytest.raises(ProfileInvalid) as refused:
        profiles.definition("broken")
    assert said in str(refused.value)
    assert "hunter2" not in str(refused.value.to_wire())
    with pytest.raises(ProfileUnknown, match="ours"):
        profiles.definition("our")


async def test_renewed_profiles_read_their_settings_again(engine: Engine) -> None:
    write(engine, "ours", PROFILE)
    before = await engine.profiles()
    await engine.renew()
    assert await engine.profiles() is not before
