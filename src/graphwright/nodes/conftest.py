"""What the tests of node types use: a runtime on SQLite, and a way to run one node."""

from tests.flows.conftest import place, run_node

__all__ = ["place", "run_node"]
