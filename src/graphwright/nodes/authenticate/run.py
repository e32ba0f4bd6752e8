"""Gets a token for the profile; where a user must sign in first, pauses for it."""

from graphwright.flows.context import Context, Exit, Outcome, Pause
from graphwright.kernel.errors import GraphwrightError
from graphwright.nodes.authenticate.config import Config
from graphwright.profiles.errors import AuthorizationRequired


class AuthorizationFailed(GraphwrightError):
    """The authorization server refused, or its answer could not be trusted."""

    code = "authorizationFailed"
    status = 403


async def run(config: Config, context: Context) -> Outcome:
    """Exit `authenticated`, `not_authenticated` (no user, or consent refused), or a pause to sign in."""
    if context.resumed is not None:
        return _resumed(context.resumed)
    profiles = context.services.profiles
    if config.action == "sign_out":
        if context.owner is not None:
            for account in await profiles.accounts(context.owner):
                if account.profile == config.profile:
                    await profiles.remove(context.owner, config.profile, account.home_account_id)
        return Exit("not_authenticated")
    is_user = profiles.definition(config.profile).flavour == "user"
    try:
        if not is_user or context.owner is not None:
            await profiles.access_token(config.profile, context.owner if is_user else None)
            return Exit("authenticated")
    except AuthorizationRequired:
        pass
    if not context.interactive:
        return Exit("not_authenticated")
    return Pause("authorize", {"profile": config.profile})


def _resumed(answer: Exit) -> Exit:
    if answer.name == "error":
        told = answer.data if isinstance(answer.data, dict) else {}
        raise AuthorizationFailed(
            str(told.get("message", "The sign-in failed.")), hint=str(told.get("hint", ""))
        )
    return Exit(answer.name)
