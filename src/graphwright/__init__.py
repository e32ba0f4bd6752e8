"""Graphwright connects an application to Microsoft 365 through Microsoft Graph, without code.

In Python: `from graphwright import Graph`; `graphwright.sdk` is loaded when a name is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphwright.http.errors import HttpError as HttpError
    from graphwright.kernel.errors import GraphwrightError as GraphwrightError
    from graphwright.sdk.application import Application as Application
    from graphwright.sdk.application import open as open  # noqa: A004
    from graphwright.sdk.calls import Request as Request
    from graphwright.sdk.graph import Graph as Graph

__version__ = "0.1.0"

_PLACES = {
    "Application": ("graphwright.sdk.application", "Application"),
    "Graph": ("graphwright.sdk.graph", "Graph"),
    "GraphwrightError": ("graphwright.kernel.errors", "GraphwrightError"),
    "HttpError": ("graphwright.http.errors", "HttpError"),
    "Request": ("graphwright.sdk.calls", "Request"),
    "open": ("graphwright.sdk.application", "open"),
}


def __getattr__(name: str) -> Any:
    # The program has parts that need none of this, and every one of them imports this module.
    if name not in _PLACES:
        raise AttributeError(f"module 'graphwright' has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(import_module(module), attribute)
