"""Checks a whole application: every problem of every file, each with its place and cure."""

from pathlib import Path

from graphwright.application.checks.branches import check_branches
from graphwright.application.checks.expressions import check_expressions
from graphwright.application.checks.flowcharts import check_flowcharts
from graphwright.application.checks.keys import check_keys
from graphwright.application.checks.references import check_references
from graphwright.application.checks.security import check_security, check_settings
from graphwright.application.checks.shared_rows import check_shared_rows
from graphwright.application.checks.subflows import check_subflows
from graphwright.application.checks.types import check_types
from graphwright.application.definition import Application
from graphwright.application.load import model_invalid, read_application
from graphwright.application.problems import Problem, sort_problems
from graphwright.application.stand_ins import with_stand_ins
from graphwright.kernel.settings import Settings

CHECKS = (
    check_references,
    check_keys,
    check_flowcharts,
    check_subflows,
    check_branches,
    check_expressions,
    check_types,
    check_shared_rows,
    check_security,
)


def check_application(
    root: Path, settings: Settings | None = None
) -> tuple[Application, list[Problem]]:
    """The application as far as it can be read, and all its problems, sorted by place.

    `settings`: those it will run with, where they are not the ones of its folder (a draft).
    """
    application, problems = read_application(root)
    whole = with_stand_ins(application)
    found = [problem for check in CHECKS for problem in check(whole)]
    # That a secret stands where its name belongs says more than that the value is wrong.
    secrets = {problem.place for problem in found if problem.code == "literalSecret"}
    problems = [problem for problem in problems if problem.place not in secrets]
    wrong = {problem.place for problem in problems}
    problems += [problem for problem in found if problem.place not in wrong]
    problems += check_settings(application, settings or Settings.read(root))
    return application, sort_problems(problems)


def load_application(root: Path, settings: Settings | None = None) -> Application:
    """The application of a folder; raises `ModelInvalid` listing its problems where it has any."""
    application, problems = check_application(root, settings)
    if any(problem.severity == "error" for problem in problems):
        raise model_invalid(problems)
    return application
