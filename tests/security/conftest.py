"""The portal of the portal's own tests, for attacks on it."""

from tests.portal.conftest import anna, bert, make_place, place

__all__ = ["anna", "bert", "make_place", "place"]
