"""The command line. Commands import what they need when called, so that `--help` is quick."""

from graphwright.cli.main import main

__all__ = ["main"]
