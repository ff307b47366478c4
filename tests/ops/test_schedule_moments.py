"""When an office's accounts are due next."""

from datetime import UTC, datetime

import pytest

from collector.ops.scheduler import next_due
from collector.store.records import Office


@pytest.mark.parametrize(
    "zone, now, due",
    [
        ("Asia/Jakarta", "2026-11-20T03:00", "2026-11-20T19:30"),
        ("Asia/Jakarta", "2026-11-20T19:29", "2026-11-20T19:30"),
        ("Asia/Jakarta", "2026-12-31T19:31", "2027-01-01T19:30"),
        ("Asia/Jayapura", "2026-11-20T03:00", "2026-11-20T17:30"),
    ],
)
def test_accounts_are_due_at_a_quiet_hour_of_the_office(zone: str, now: str, due: str) -> None:
    """Half past two at night, by the office's own clock: the line is free then."""
    office = Office(1, "a", "A", "", zone)

    assert next_due(office, datetime.fromisoformat(now).replace(tzinfo=UTC)) == datetime.fromisoformat(due).replace(
        tzinfo=UTC
    )
