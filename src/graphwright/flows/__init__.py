"""Flows: flowcharts of nodes, the interpreter that runs them, and the drivers that keep their state."""
