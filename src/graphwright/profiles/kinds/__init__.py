"""The kinds of authorization profile, one folder each: `config.py`, `client.py`, `help.md`."""
