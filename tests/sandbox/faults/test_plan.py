"""Which requests a rule falls on, how rules are written, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphwright_sandbox.faults import FaultPlan, FaultRule, throttled
from graphwright_sandbox.faults.kinds import KINDS
from graphwright_sandbox.faults.notation import FaultInvalid, parse_fault, read_fault, read_faults


def fallen(rule: FaultRule, requests: int = 12, seed: int = 0) -> list[int]:
    """The numbers of the requests, from 1, that the rule falls on."""
    plan = FaultPlan(seed)
    plan.add(rule)
    return [number for number in range(1, requests + 1) if plan.take("GET", "/v1.0/me")]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (FaultRule(), [1]),
        (FaultRule(times=2), [1, 2]),
        (FaultRule(after=3, times=2), [4, 5]),
        (FaultRule(every=4, times=None), [4, 8, 12]),
        (FaultRule(after=2, every=5, times=None), [7, 12]),
        (FaultRule("/me$", "get"), [1]),
        (FaultRule("/ME"), [1]),
        (FaultRule("/users"), []),
        (FaultRule(method="POST"), []),
        (FaultRule(kind="duplicate-notification"), []),
        (FaultRule(kind="expired-delta"), []),
    ],
)
def test_a_rule_falls_on_the_requests_it_names(rule: FaultRule, expected: list[int]) -> None:
    assert fallen(rule) == expected


def test_chance_falls_the_same_way_under_the_same_seed() -> None:
    def draw(seed: int) -> list[int]:
        return fallen(FaultRule(probability=0.3, times=None), 200, seed)

    assert draw(1) == draw(1) != draw(2)
    assert 30 < len(draw(1)) < 90


def test_a_reset_brings_back_what_the_plan_started_with() -> None:
    plan = FaultPlan(7)
    plan.add(FaultRule("kept", probability=0.5, times=None), keep=True)
    before = [plan.take("GET", "/kept") is not None for _ in range(20)]
    plan.add(throttled("later"))
    plan.clear()
    plan.reset()
    assert [rule.path for rule in plan.rules] == ["kept"]
    assert plan.hits == 0
    assert [plan.take("GET", "/kept") is not None for _ in range(20)] == before


def test_the_first_rule_that_falls_is_used_and_counted() -> None:
    plan = FaultPlan()
    first, second = plan.add(FaultRule(every=2, times=None)), plan.add(FaultRule(times=None))
    taken = [plan.take("GET", "/me") for _ in range(4)]
    assert taken == [second, first, second, first]
    assert [(rule.seen, rule.hits) for rule in plan.rules] == [(4, 2), (2, 2)]
    assert plan.remove(first.id)
    assert not plan.remove(first.id)
    assert plan.take("GET", "/me") is second


def test_a_line_says_all_a_rule_can_say() -> None:
    rule = parse_fault(
        "post /me/(events|messages)$: 503 retry-after=date:9 times=always after=1 every=2 "
        "probability=0.5 message='Not now' committed=true"
    )
    assert (rule.method, rule.path, rule.status) == ("post", "/me/(events|messages)$", 503)
    assert (rule.retry_after, rule.retry_after_date, rule.times) == (9, True, None)
    assert (rule.after, rule.every, rule.probability, rule.committed) == (1, 2, 0.5, True)
    assert rule.error == ("serviceNotAvailable", "Not now")


def test_how_often_is_once_unless_the_rule_would_make_no_sense() -> None:
    assert parse_fault("/me: reset").times == 1
    assert parse_fault("/me: reset every=3").times is None
    assert parse_fault("/me: reset probability=0.1").times is None
    assert parse_fault("/me: next-loop").times is None


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"status"}))
def test_every_kind_can_be_written(kind: str) -> None:
    described = parse_fault(f"GET /me: {kind}").describe()
    assert described["fault"] == kind
    assert described["path"] == "/me"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("GET /me", "not of the form"),
        ("GET /me: ", "not of the form"),
        ("GET /me: 42", "'fault': is neither a status"),
        ("GET /me: 600", "'fault': is neither a status"),
        ("GET /me: explode", "'fault': is neither a status"),
        ("GET /me: status", "'fault': is neither a status"),
        ("GET /me: 429 often", "'often' is not of the form name=value"),
        ("GET /me: 429 'often", "No closing quotation"),
        ("GET /me: 429 colour=red", "'colour': is not known"),
        ("GET /me: reset retry-after=2", "'retry-after': has no meaning for the fault 'reset'"),
        ("GET /me: 429 retry-after=soon", "'retry-after': is neither a number"),
        ("GET /me: 429 times=0", "'times': is neither a number from 1 nor 'always'"),
        ("GET /me: 429 times=never", "'times': is neither a number from 1 nor 'always'"),
        ("GET /me: 429 probability=2", "'probability': Expected `float` <= 1.0"),
        ("GET /me: 429 every=0", "'every': Expected `int` >= 1"),
        ("GET /me(: 429", "'path': is not a regular expression"),
        ("GET /me: huge-body size=99999999999", "'size': Expected `int` <= "),
    ],
)
def test_a_wrong_line_is_refused_and_says_why(line: str, problem: str) -> None:
    with pytest.raises(FaultInvalid) as caught:
        parse_fault(line)
    assert problem in str(caught.value)


@pytest.mark.parametrize("value", [None, [], "x", {}, {"path": "/me"}, {"fault": "429"}])
def test_what_is_no_rule_is_refused(value: object) -> None:
    with pytest.raises(FaultInvalid):
        read_fault(value)


def test_a_file_is_a_plan_with_a_seed(tmp_path: Path) -> None:
    file = tmp_path / "faults.toml"
    file.write_text(
        'seed = 5\n[[fault]]\npath = "/me"\nfault = 429\nretry-after = 3\n\n'
        '[[fault]]\npath = "/users"\nmethod = "GET"\nfault = "delay"\nseconds = 0.5\n'
    )
    plan = read_faults(file)
    assert plan.seed == 5
    assert [(rule.status, rule.retry_after) for rule in plan.rules[:1]] == [(429, 3)]
    assert [(rule.kind, rule.seconds) for rule in plan.rules[1:]] == [("delay", 0.5)]


def test_every_problem_of_a_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "faults.toml"
    file.write_text(
        'colour = "red"\n[[fault]]\npath = "("\nfault = "429"\n\n'
        '[[fault]]\nfault = "explode"\n\n[[fault]]\npath = "/me"\nfault = "reset"\ntimes = -1\n'
    )
    with pytest.raises(FaultInvalid) as caught:
        read_faults(file)
    lines = str(caught.value).replace(str(file), "FILE").splitlines()
    places = [line.split("'")[0] + line.split("'")[1] for line in lines]
    assert places == [
        "FILE:1: colour",
        "FILE:3: path",
        "FILE:6: path",
        "FILE:7: fault",
        "FILE:12: times",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[fault]\n", "line 1"),
        ("fault = [{path = '/me', fault = '429'}]\n", "table of its own"),
        ("seed = 'x'\n", ":1: 'seed' must be a number"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "faults.toml"
    file.write_text(text)
    with pytest.raises(FaultInvalid) as caught:
        read_faults(file)
    assert problem in str(caught.value)
    with pytest.raises(FaultInvalid):
        read_faults(tmp_path / "missing.toml")
