"""What tests of groups share: the seeded groups' paths, and bodies."""

from collections.abc import Callable
from typing import Any

from graphwright_sandbox.seed.groups import group_id
from tests.sandbox.graph.calls import Graph

Application = Callable[[str], Graph]
SALES, VPN = f"/groups/{group_id('sales')}", f"/groups/{group_id('vpnusers')}"
HIDDEN = f"/groups/{group_id('compensationreview')}"


def reference(identifier: str, kind: str = "directoryObjects") -> dict[str, str]:
    return {"@odata.id": f"https://graph.microsoft.com/v1.0/{kind}/{identifier}"}


def new_group(**more: Any) -> dict[str, Any]:
    return {
        "displayName": "Old maps",
        "mailEnabled": True,
        "mailNickname": "oldmaps",
        "securityEnabled": False,
        "groupTypes": ["Unified"],
        **more,
    }
