"""Node types, a folder each: `config.py`, `run.py`, `help.md` and a test. They are found by folder."""
