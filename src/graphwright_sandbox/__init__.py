"""A strict local Microsoft 365 tenant: Entra ID and Microsoft Graph on this machine.

``from graphwright_sandbox import Sandbox`` is what tests of other projects build on; docs/sandbox.md
says which of it is kept. It must not import anything of ``graphwright``: applications meet the sandbox
only over HTTP. The server is imported when its name is: whoever wants a part pays for that only.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphwright_sandbox.seed import create_tenant
    from graphwright_sandbox.server import Sandbox

__all__ = ["Sandbox", "create_tenant"]


def __getattr__(name: str) -> Any:
    if name == "Sandbox":
        from graphwright_sandbox.server import Sandbox  # noqa: PLC0415

        return Sandbox
    if name == "create_tenant":
        from graphwright_sandbox.seed import create_tenant  # noqa: PLC0415

        return create_tenant
    raise AttributeError(f"module 'graphwright_sandbox' has no attribute '{name}'")
