"""An import that is killed goes on where it stopped: no row lost, none twice; Ctrl-C ends it quickly."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from graphwright_sandbox.cli import describe
from graphwright_sandbox.server import Sandbox
from tests.verify.application import create_application
from tests.verify.bulk import check_bulk_rows
from tests.verify.processes import GRAPHWRIGHT, application_settings
from tests.verify.sandbox_process import create_readable_tenant

pytestmark = [pytest.mark.verify, pytest.mark.timeout(180)]

EVENTS = 20_000
QUICKLY_SECONDS = 5.0


@dataclass
class Workplace:
    """An application with an action flow that imports a large calendar, and its database."""

    root: Path
    data: Path
    environment: Mapping[str, str]
    engine: sa.Engine

    def begin(self) -> subprocess.Popen[str]:
        """`graphwright flow run … bulk`."""
        return subprocess.Popen(
            [GRAPHWRIGHT, "flow", "run", self.root, "bulk", "--json", "--data", self.data],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self) -> dict[str, Any]:
        """A run to its end; gives its report."""
        with self.begin() as process:
            output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        report: dict[str, Any] = json.loads(output)
        return report

    def position(self) -> int:
        """How many items are committed of the import under way; 0 where none is."""
        try:
            with self.engine.connect() as connection:
                query = sa.text("SELECT number FROM _continuations")
                return int(connection.scalar(query) or 0)
        except sa.exc.DBAPIError:
            return 0

    def interrupt(self, number: signal.Signals, position: int) -> tuple[int, str, float]:
        """Begins a run, signals it behind `position`; gives exit code, errors and seconds to end."""
        before = self.position()
        with self.begin() as process:
            deadline = time.monotonic() + 60
            while self.position() <= max(before, position):
                assert process.poll() is None, "the import was over before it could be killed"
                assert time.monotonic() < deadline, "the import does not get on"
                time.sleep(0.005)
            sent = time.monotonic()
            process.send_signal(number)
            _, errors = process.communicate(timeout=60)
            return process.returncode, errors, time.monotonic() - sent

    def check_rows(self) -> None:
        """The list holds every bulk event once."""
        with self.engine.connect() as connection:
            query = sa.text(
                'SELECT subject, location, start__local AS "start", start__zone,'
                ' end__local AS "end", end__zone FROM bulk_event'
            )
            rows = [
                {
                    **row,
                    "start": {"dateTime": row["start"], "timeZone": row["start__zone"]},
                    "end": {"dateTime": row["end"], "timeZone": row["end__zone"]},
                }
                for row in connection.execute(query).mappings()
            ]
            left = connection.scalar(sa.text("SELECT count(*) FROM _continuations"))
        check_bulk_rows(rows, EVENTS)
        assert left == 0


@pytest.fixture
def workplace(tmp_path: Path, database_url: str | None) -> Iterator[Workplace]:
    tenant = create_readable_tenant()
    with Sandbox.start(tenant, tmp_path / "state", bulk_events=EVENTS) as sandbox:
        described = describe(sandbox)
        owner = tenant.people[0].id
        root = create_application(tmp_path / "app", person=owner, interactive=False)
        data = tmp_path / "data"
        environment = os.environ | application_settings(described, described)
        environment |= {"GRAPHWRIGHT_KEY_FILE": str(tmp_path / "keys.json"), "NO_COLOR": "1"}
        if database_url is None:
            engine = sa.create_engine(f"sqlite:///{data / 'data.sqlite'}")
        else:
            environment["GRAPHWRIGHT_DATABASE_URL"] = database_url
            url = sa.make_url(database_url).set(drivername="postgresql+psycopg")
            engine = sa.create_engine(url)
        yield Workplace(root, data, environment, engine)
        engine.dispose()


@pytest.mark.parametrize("share", [0.0, 0.5, 0.85], ids=["early", "half way", "late"])
def test_a_killed_import_goes_on_where_it_stopped(workplace: Workplace, share: float) -> None:
    code, _, _ = workplace.interrupt(signal.SIGKILL, int(EVENTS * share))
    assert code == -signal.SIGKILL
    committed = workplace.position()
    report = workplace.finish()
    workplace.check_rows()
    assert 0 < report["counts"]["items"] < EVENTS, "it began again at the top"
    assert report["counts"]["items"] + committed >= EVENTS
    assert report["counts"]["inserted"] >= EVENTS
    assert "deleted" not in report["counts"]


def test_an_import_killed_three_times_ends_with_every_row_once(workplace: Workplace) -> None:
    positions = []
    for share in (0.1, 0.4, 0.7):
        workplace.interrupt(signal.SIGKILL, int(EVENTS * share))
        positions.append(workplace.position())
    assert positions == sorted(set(positions))
    workplace.finish()
    workplace.check_rows()


def test_ctrl_c_ends_an_import_quickly_without_a_traceback(workplace: Workplace) -> None:
    code, errors, seconds = workplace.interrupt(signal.SIGINT, 0)
    assert code == 130, errors
    assert "Traceback" not in errors
    assert seconds < QUICKLY_SECONDS
    assert 0 < workplace.position() < EVENTS
    workplace.finish()
    workplace.check_rows()


def test_a_second_import_changes_nothing(workplace: Workplace) -> None:
    first, second = workplace.finish(), workplace.finish()
    workplace.check_rows()
    assert first["counts"]["inserted"] == second["counts"]["unchanged"]
    assert "inserted" not in second["counts"]
    assert "deleted" not in second["counts"]
