"""The node `authenticate`."""

from typing import Any

import pytest

from graphwright.flows.context import Exit, Pause
from graphwright.kernel.errors import NotFound
from graphwright.nodes.authenticate.run import AuthorizationFailed
from graphwright.profiles.errors import TokenRequestFailed
from tests.flows.conftest import ADA, NodeRunner

MINE = "{type: authenticate, profile: mine}"
OURS = "{type: authenticate, profile: ours}"


async def test_a_user_with_a_token_goes_on(run_node: NodeRunner) -> None:
    run_node.place.profiles.tokens.add(("mine", "ada-id"))
    outcome, _ = await run_node(MINE, person=ADA, interactive=True)
    assert outcome == Exit("authenticated")


@pytest.mark.parametrize("person", [ADA, None])
async def test_a_user_without_a_token_is_sent_to_sign_in(run_node: NodeRunner, person: Any) -> None:
    outcome, _ = await run_node(MINE, person=person, interactive=True)
    assert outcome == Pause("authorize", {"profile": "mine"})


@pytest.mark.parametrize("person", [ADA, None])
async def test_nobody_can_sign_in_to_an_unattended_run(run_node: NodeRunner, person: Any) -> None:
    outcome, _ = await run_node(MINE, person=person)
    assert outcome == Exit("not_authenticated")


@pytest.mark.parametrize("person", [ADA, None])
async def test_the_application_needs_nobody(run_node: NodeRunner, person: Any) -> None:
    run_node.place.profiles.tokens.add(("ours", None))
    outcome, _ = await run_node(OURS, person=person)
    assert outcome == Exit("authenticated")
    assert run_node.place.profiles.asked == [("ours", None)]


async def test_a_wrong_secret_of_the_application_is_an_error(run_node: NodeRunner) -> None:
    run_node.place.profiles.failure = TokenRequestFailed("AADSTS7000215: wrong secret")
    with pytest.raises(TokenRequestFailed, match="AADSTS7000215"):
        await run_node(OURS)


async def test_an_unknown_profile_is_an_error(run_node: NodeRunner) -> None:
    with pytest.raises(NotFound, match="nobodys"):
        await run_node("{type: authenticate, profile: nobodys}", person=ADA)


@pytest.mark.parametrize("name", ["authenticated", "not_authenticated"])
async def test_behind_the_sign_in_its_answer_is_the_exit(run_node: NodeRunner, name: str) -> None:
    outcome, _ = await run_node(MINE, interactive=True, resumed=Exit(name))
    assert outcome == Exit(name)


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        ({"message": "AADSTS50011", "hint": "Register it."}, "AADSTS50011", "Register it."),
        (None, "The sign-in failed.", ""),
    ],
)
async def test_a_failed_sign_in_is_an_error(
    run_node: NodeRunner, data: Any, message: str, hint: str
) -> None:
    with pytest.raises(AuthorizationFailed) as caught:
        await run_node(MINE, interactive=True, resumed=Exit("error", data))
    assert (caught.value.message, caught.value.hint) == (message, hint)


async def test_sign_out_removes_the_users_tokens_of_this_profile(run_node: NodeRunner) -> None:
    profiles = run_node.place.profiles
    profiles.tokens |= {("mine", "ada-id"), ("other", "ada-id"), ("mine", "bob-id")}
    node = "{type: authenticate, profile: mine, action: sign_out}"
    outcome, _ = await run_node(node, person=ADA)
    assert outcome == Exit("not_authenticated")
    assert profiles.removed == [("ada-id", "mine", "mine.home")]
    assert (await run_node(node, person=None))[0] == Exit("not_authenticated")
