"""Chance that always falls the same way: what seeds use to vary people's days."""

import random


def chance_of(*parts: object) -> random.Random:
    """A generator that the parts determine."""
    return random.Random("\x1f".join(map(str, parts)))  # noqa: S311 - varies a seed, hides nothing
