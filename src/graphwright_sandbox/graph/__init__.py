"""Microsoft Graph of the sandbox: the protocol that every workload is served through."""

from graphwright_sandbox.graph.app import create_graph_app

__all__ = ["create_graph_app"]
