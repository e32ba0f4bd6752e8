"""Errors: one wire shape, one sentence with place and cure, and the nearest valid names."""

from graphwright.kernel.errors import NotFound, Place, nearest


def test_an_error_names_place_cure_and_facts() -> None:
    error = NotFound(
        "There is no list.",
        hint="Make one.",
        place=Place(file="a.yaml", line=3, column=5),
        list="x",
    )
    assert str(error) == "a.yaml:3:5: There is no list. Make one."
    assert error.to_wire() == {
        "error": {
            "code": "notFound",
            "message": "There is no list.",
            "hint": "Make one.",
            "place": {"file": "a.yaml", "line": 3, "column": 5},
            "list": "x",
        }
    }


def test_a_fact_cannot_take_the_place_of_the_code() -> None:
    assert NotFound("Gone.", code="spoofed").to_wire()["error"]["code"] == "notFound"


def test_nearest_names_are_offered() -> None:
    assert nearest("evnt", ["event", "person"]) == "Did you mean event?"
    assert nearest("zzz", ["event", "person"]) == "There are: event, person."
    assert nearest("zzz", []) == "There are none yet."
