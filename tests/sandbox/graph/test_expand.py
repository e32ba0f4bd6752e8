"""`$expand` with options of its own."""

import pytest

from graphwright_sandbox.graph.errors import GraphError
from graphwright_sandbox.graph.query import parse_query
from tests.sandbox.graph.calls import Graph, error_code

REPORTS = "/users/jonas.mueller@northwind.example?$select=id&$expand=directReports"


def names(graph: Graph, options: str) -> list[str]:
    answer = graph.get(f"{REPORTS}({options})")
    assert answer.status_code == 200, answer.text
    return [report["displayName"] for report in answer.json()["directReports"]]


def test_an_expanded_collection_is_filtered_sorted_cut_and_selected(graph: Graph) -> None:
    every = names(graph, "$select=displayName")
    assert len(every) > 3
    assert names(graph, "$select=displayName;$orderby=displayName desc") == sorted(every)[::-1]
    assert (
        names(graph, "$select=displayName;$top=2;$skip=1;$orderby=displayName")
        == (sorted(every)[1:3])
    )
    assert names(graph, "$filter=city eq 'Los Angeles';$select=displayName") == ["Noah Kim"]
    assert names(graph, "$filter=surname in ('Kim','x;y)');select=displayName") == ["Noah Kim"]


@pytest.mark.unchanging
@pytest.mark.parametrize(
    "options",
    [
        "$select=nothing",
        "$filter=nothing eq 1",
        "$filter=city",
        "$orderby=nothing",
        "$top=x",
        "$top=-1",
        "$skiptoken=x",
        "$format=json",
        "$levels=2",
        "$expand=nothing",
        "$top=1;$top=2",
        "$select",
        "$nothing=1",
    ],
)
def test_options_that_make_no_sense_are_refused(graph: Graph, options: str) -> None:
    answer = graph.get(f"{REPORTS}({options})")
    assert (answer.status_code, error_code(answer)) == (400, "BadRequest")


@pytest.mark.unchanging
@pytest.mark.parametrize("option", ["$filter=id eq 'x'", "$top=1", "$orderby=id", "$skip=1"])
def test_a_single_object_has_no_options_of_collections(graph: Graph, option: str) -> None:
    answer = graph.get(f"/me?$expand=manager({option})")
    assert (answer.status_code, error_code(answer)) == (400, "BadRequest")


def test_the_chain_of_managers_is_followed_level_by_level(graph: Graph) -> None:
    eventual = {"ConsistencyLevel": "eventual"}

    def chain(levels: str) -> list[str]:
        path = f"/me?$expand=manager($levels={levels};$select=displayName)&$count=true&$select=id"
        answer = graph.get(path, **eventual)
        assert answer.status_code == 200, answer.text
        found, person = [], answer.json()
        while person := person.get("manager"):
            found.append(person["displayName"])
        return found

    everybody = ["Jonas Müller", "Daniel Whitfield", "Greta Lindqvist"]
    assert chain("max") == chain("9") == everybody
    assert [chain("1"), chain("2")] == [everybody[:1], everybody[:2]]
    for path, headers in (
        ("/me?$expand=manager($levels=max)", {}),
        ("/users?$expand=manager($levels=max)", eventual),
    ):
        answer = graph.get(path, **headers)
        assert (answer.status_code, error_code(answer)) == (400, "Request_UnsupportedQuery")


def test_a_property_expanded_again_is_selected_more_of(graph: Graph) -> None:
    path = "/me?$expand=manager($select=displayName),Manager($select=department)&$select=id"
    manager = graph.get(path).json()["manager"]
    assert (manager["displayName"], manager["department"]) == ("Jonas Müller", "Engineering")
    assert "jobTitle" not in manager


def test_options_are_read_in_all_depths() -> None:
    text = "$expand=a($select=b,c;$expand=d($levels=max;$filter=x eq 'it''s; (y)')),e"
    first, second = parse_query(text).expand
    inner = first.options.expand[0]
    assert (first.name, first.options.select, second.name) == ("a", ("b", "c"), "e")
    assert (inner.name, inner.options.levels, inner.options.filter) == (
        "d",
        0,
        "x eq 'it''s; (y)'",
    )
    assert parse_query("$expand=a($levels=3)").expand[0].options.levels == 3


@pytest.mark.unchanging
@pytest.mark.parametrize(
    "text",
    [
        "$expand=a($top=1),a",
        "$expand=a,A($filter=b eq 1)",
        "$expand=a($levels=0)",
        "$expand=a($levels=x)",
        "$levels=2",
        "$expand=" + "a($expand=" * 500 + "a" + ")" * 500,
        "$expand=a(b)",
        "$expand=(a)",
        "$expand=a($select=b",
    ],
)
def test_an_expansion_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(GraphError) as refusal:
        parse_query(text)
    assert (refusal.value.status, refusal.value.code) == (400, "BadRequest")
