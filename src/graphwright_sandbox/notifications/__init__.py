"""Change notifications: who asked to be told of which changes, and how they are told.

The package knows no workload: what changed comes from `graph.changes`, what it looks like from
Graph itself.
"""
