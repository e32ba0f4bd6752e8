"""Graphwright as a Python library: Graph for scripts and notebooks, an application's flows and rows.

Import what `graphwright` itself offers (`Graph`, `Request`, `open`); a module here loads what it needs
when it is first used, so that the import costs nothing that a program does not use.
"""
