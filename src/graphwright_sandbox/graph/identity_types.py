"""Who did something, as files, teams and plans state it. Declared once for all workloads."""

from graphwright_sandbox.graph.edm import SCHEMA

SCHEMA.declare(
    """
complex identity open
  displayName String
  id String
complex identitySet open
  application identity
  device identity
  user identity
"""
)
