"""A run's report in a terminal: what was asked, what it cost, what became of the rows.

Knows the report as JSON only, as `--json` and the portal's API give it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

_COUNTS: Final = ("inserted", "updated", "unchanged", "deleted", "skipped", "duplicates")


def make_table(report: Mapping[str, Any]) -> Any:
    """The report as a rich table."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid("", "", padding=(0, 2))
    for title, told in _lines(report):
        # As text: what a server said is no markup.
        table.add_row(Text(title, style="bold"), Text(told))
    return table


def _lines(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    from rich.filesize import decimal

    meter = report["meter"]
    if meter["requests"]:
        retried = f", {meter['retries']:,} of them again" if meter["retries"] else ""
        waited = f", waited {meter['waited_s']:.1f} s" if meter["waited_s"] else ""
        yield "Requests", f"{meter['requests']:,}{retried}{waited}"
        if meter["pages"]:
            yield "Pages", f"{meter['pages']:,}"
        sent = f", sent {decimal(meter['bytes_out'])}" if meter["bytes_out"] else ""
        yield "Bytes", f"received {decimal(meter['bytes_in'])}{sent}"
    if meter["deferred_until"]:
        yield "Not before", meter["deferred_until"]
    for name, done in report["imports"].items():
        counts = [f"{done[count]:,} {count}" for count in _COUNTS if done[count]]
        resumed = " (with the run before, which was cut off)" if done["resumed"] else ""
        yield f"Import {name}", (", ".join(counts) or "no rows") + resumed
        yield from (("", f"{where}: {why}") for where, why in done["reasons"])
    for failure in report["failures"]:
        yield "Failed", f"{failure.get('place', {}).get('node', '')} {failure['message']}".strip()
