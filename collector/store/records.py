"""Rows as plain frozen values: what the store gives to the rest of the application."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAY_ZERO = date(1970, 1, 1)
_MOMENT_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

CLOCK_TOLERANCE = timedelta(minutes=5)
"""By how much this machine's clock may differ before it is called wrong."""


def to_ms(moment: datetime) -> int:
    """Return a moment as the store's milliseconds."""
    return (moment - _MOMENT_ZERO) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """Return the store's milliseconds as a moment in UTC."""
    return _MOMENT_ZERO + timedelta(milliseconds=milliseconds)


def to_day_number(day: date) -> int:
    """Return a calendar day as the store's day number."""
    return (day - _DAY_ZERO).days


def from_day_number(number: int) -> date:
    """Return the store's day number as a calendar day."""
    return _DAY_ZERO + timedelta(days=number)


@dataclass(frozen=True, slots=True)
class Office:
    """An office. `zone` is an IANA name."""

    id: int
    slug: str
    name: str
    seat: str
    zone: str

    @property
    def timezone(self) -> ZoneInfo:
        """The office's zone."""
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account of an office. `external_id` is the platform's own id; `state` active, paused, reconnect, replaced
    or removed.

    `bio_link` is the address that its bio names: "" for none, None where the platform never told. `succeeds` is the
    number of the account in whose place this one came, and `succeeds_since` when.
    """

    id: int
    office: Office
    platform: str
    external_id: str | None
    handle: str
    name: str
    link: str
    opened: str | None
    state: str
    state_code: str
    configured: str | None
    due_at: datetime | None
    bio_link: str | None = None
    succeeds: int | None = None
    succeeds_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """A kept exchange. `request` is its shape as JSON; `body` the bytes as kept, None where there was no answer.

    Of an answer that was reduced at `reduced_at` the body is gone, and `cited` is what stood at the cited places.
    `sha256` stays the whole body's.
    """

    id: int
    run_id: int
    snapshot_id: int | None
    step: int
    platform: str
    request: str
    status: int
    headers: str
    sent_at: datetime
    elapsed_ms: int
    sha256: str | None
    body: bytes | None
    error: str | None
    reduced_at: datetime | None = None
    cited: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class OpenSnapshot:
    """A snapshot that is marked as running."""

    id: int
    account_id: int
    platform: str
    assignment: str
    claimed_by: str
    lease_until: datetime
    started_at: datetime


@dataclass(frozen=True, slots=True)
class SnapshotSummary:
    """How an account's last snapshot went, and when one last went well."""

    outcome: str
    finished_at: datetime
    error_code: str
    error_message: str
    last_good_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredCredential:
    """A sealed sign-in. `seed` is a digest of the environment's value that it grew from."""

    sealed: bytes
    seed: str
    expires_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StoredRenewal:
    """A renewal that is under way, failed or was refused. The columns of `renewals` say what each means."""

    account_id: int
    slot: str
    seed: str
    begun_at: datetime
    holder: str
    lost_at: datetime | None = None
    failures: int = 0
    retry_at: datetime | None = None
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class StoredAccess:
    """What a platform said of an account's sign-in (`Access`), who allowed it and how, and when it was last asked."""

    account_id: int
    slot: str
    granted: frozenset[str] | None
    person: str
    way: str
    ends_at: datetime | None
    data_ends_at: datetime | None
    connected_at: datetime | None
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """How many readings a snapshot or a file added, and how many it changed."""

    readings: int = 0
    revised: int = 0


@dataclass(frozen=True, slots=True)
class Drift:
    """How far this machine's clock was ahead of a platform's at its newest answer, and the run of that answer."""

    by: timedelta
    run_id: int

    @property
    def confirmed_since(self) -> int:
        """The run since which the clock is known to be right, 0 where it is not: what is older says nothing of it."""
        return self.run_id if abs(self.by) <= CLOCK_TOLERANCE else 0


@dataclass(frozen=True, slots=True)
class HistoryReading:
    """A current reading with everything needed to say what it is."""

    series_id: int
    at: int
    office: str
    zone: str
    platform: str
    account: str
    measure: str
    definition: int
    about: str
    origin: str
    precision: str
    kind: str
    decimals: int
    value: int
    upto: int | None
    exchange_id: int
    place_id: int
    request: str
    recorded_at: datetime | None
    source: str
    mark: str
    note: str
    account_id: int = 0


@dataclass(frozen=True, slots=True)
class HistoryGap:
    """A gap that is open."""

    office: str
    zone: str
    platform: str
    account: str
    measure: str
    about: str
    from_at: int
    to_at: int
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class EarlierReading:
    """What a reading was before it was replaced."""

    value: int
    exchange_id: int
    place: str
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class SeenPost:
    """A post that was seen. `created_at` is the platform's word."""

    id: str
    created_at: datetime
    kind: str
    title: str
    link: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one snapshot ended. `error_code` is "" where nothing went wrong."""

    started_at: datetime
    outcome: str
    error_code: str
