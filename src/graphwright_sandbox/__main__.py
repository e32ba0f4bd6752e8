"""``python -m graphwright_sandbox``."""

from __future__ import annotations

from graphwright_sandbox.cli import main

main()
