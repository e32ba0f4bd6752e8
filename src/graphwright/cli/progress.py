"""Progress in a terminal: what a long command does, how far it is."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from graphwright.cli.app import console


@contextmanager
def show_progress(title: str) -> Iterator[Callable[[str, Mapping[str, int]], None]]:
    """A callback that shows node and counts in a terminal; silent where there is none."""
    if not sys.stderr.isatty():
        yield lambda node, counts: None
        return
    from rich.filesize import decimal
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console(to_stderr=True), transient=True) as progress:
        task = progress.add_task(title)

        def on_progress(node: str, counts: Mapping[str, int]) -> None:
            shown = " ".join(
                decimal(number) if name == "bytes" else f"{number:,} {name}"
                for name, number in counts.items()
            )
            progress.update(task, description=f"{title} · {node} {shown}")

        yield on_progress
