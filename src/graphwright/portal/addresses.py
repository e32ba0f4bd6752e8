"""Addresses of the portal that more than one route gives out."""

from urllib.parse import quote, urlencode

from graphwright.flows.outcomes import StepOutcome
from graphwright.portal.context import Portal


def sign_in_address(profile: str, return_path: str | None = None) -> str:
    """Where the sign-in with a profile begins."""
    query = {"profile": profile}
    if return_path is not None:
        query["return"] = return_path
    return "/auth/sign-in?" + urlencode(query)


def run_address(portal: Portal, outcome: StepOutcome) -> str:
    """Where the browser shows a step, or signs in for it."""
    run = f"{outcome.instance}.{outcome.step}"
    if outcome.kind == "authorize":
        return "/auth/sign-in?" + urlencode({"run": run})
    return f"{portal.path_of(outcome.flow)}?run={quote(run)}"
