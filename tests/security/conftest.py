"""The portal and the modeler of their own tests, for attacks on them."""

from tests.modeler.served.conftest import bench, editor, make_bench
from tests.portal.conftest import anna, bert, make_place, place

__all__ = ["anna", "bench", "bert", "editor", "make_bench", "make_place", "place"]
