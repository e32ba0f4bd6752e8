"""How long a continuation is good where the service said to come later."""

from datetime import UTC, datetime, timedelta

from graphwright.lists import Lists
from tests.imports.test_apply import importer, lists

__all__ = ["lists"]


async def test_the_hour_of_a_continuation_counts_from_when_the_service_may_be_asked(
    lists: Lists,
) -> None:
    async def keep(not_before: datetime | None) -> None:
        first = importer(lists, scope="one")
        await first.apply([{"id": "1"}], "page 2")
        await first.keep(not_before)

    now = datetime.now(UTC)
    half_past = now + timedelta(minutes=90)
    await keep(None)
    assert await importer(lists, scope="one").resume(half_past) is None
    await keep(now + timedelta(hours=1))
    assert await importer(lists, scope="one").resume(half_past) == "page 2"
    # Put off once more at its first page, it has nothing new to keep.
    again = importer(lists, scope="one")
    assert await again.resume(half_past) == "page 2"
    await again.keep(now + timedelta(hours=3))
    assert await importer(lists, scope="one").resume(now + timedelta(hours=3.5)) == "page 2"
    assert await importer(lists, scope="one").resume(now + timedelta(hours=4.1)) is None
    # What is reached later has an hour of its own.
    await keep(None)
    assert await importer(lists, scope="one").resume(half_past) is None
