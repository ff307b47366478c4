"""The tables. What each is for stands beside it; docs/glossary.md has the words.

Times are milliseconds since 1970 (UTC). `at` of a reading or gap is such a moment for figures of the moment, and the
platform's own calendar day as a day number (days since 1970-01-01) for figures with a span: a day is never shifted.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

REVISION = "0004"
"""The newest migration. A test holds it against the scripts."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_STRICT: dict[str, Any] = {"sqlite_strict": True}
_CLUSTERED: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}
_BIG = Integer().with_variant(BigInteger(), "postgresql")


def _int(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, _BIG, nullable=null)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _id() -> Column[int]:
    return Column("id", _BIG, primary_key=True, autoincrement=True)


def _to(target: str, name: str, *, null: bool = False, key: bool = False) -> Column[int]:
    return Column(name, _BIG, ForeignKey(f"{target}.id"), nullable=null, primary_key=key)


offices = Table(
    "offices", metadata, _id(), Column("slug", Text, nullable=False, unique=True),
    _text("name"), _text("seat"), _text("zone"), _int("created_at"),
    **_STRICT,
)  # fmt: skip

# `external_id` is the platform's own id, null until a check answered; `configured` the identity in the environment that
# this account was found under; `state` active, paused, reconnect, replaced or removed, and since when for which fault;
# `bio_link` the address that its bio names, "" where it names none, null where the platform never told; `succeeds` the
# account in whose place this one came at `succeeds_since`: another one at the platform, with a history of its own.
accounts = Table(
    "accounts", metadata, _id(), _to("offices", "office_id"), _text("platform"), _text("external_id", null=True),
    _text("handle"), _text("name"), _text("link"), _text("opened", null=True), _text("state"), _text("state_code"),
    _int("state_since"), _text("configured", null=True), _int("due_at", null=True), _int("created_at"),
    _text("bio_link", null=True), _to("accounts", "succeeds", null=True), _int("succeeds_since", null=True),
    **_STRICT,
)  # fmt: skip
Index("uq_accounts_external", accounts.c.platform, accounts.c.external_id, unique=True,
      sqlite_where=text("external_id IS NOT NULL"), postgresql_where=text("external_id IS NOT NULL"))  # fmt: skip

# Every spelling an account was ever called by; `key` is what two spellings of one handle have in common.
handles = Table(
    "handles", metadata, _to("accounts", "account_id", key=True), Column("key", Text, primary_key=True),
    _text("handle"), _int("since"),
    **_CLUSTERED,
)  # fmt: skip

runs = Table(
    "runs", metadata, _id(), _text("trigger"), _text("by"), _text("program"), _int("started_at"),
    _int("finished_at", null=True),
    **_STRICT,
)  # fmt: skip

# One account, one collection: every attempt. `outcome` is running, ok, partial, failed or interrupted; checked where it
# was only asked, for money, who the account is. `reduced_at`: when the time of its whole answers was over, and those
# that nobody else may keep were reduced. `tally` is of the readings that it stored; null from before there was a chain.
snapshots = Table(
    "snapshots", metadata, _id(), _to("runs", "run_id"), _to("accounts", "account_id"), _text("assignment"),
    _text("outcome"), _text("claimed_by"), _int("lease_until"), _int("started_at"), _int("finished_at", null=True),
    _text("error_code", null=True), _text("error_message", null=True), _int("requests"), _int("readings"),
    _int("revised"), _int("cost"), _int("reduced_at", null=True), _text("tally", null=True),
    **_STRICT,
)  # fmt: skip
Index("uq_snapshots_running", snapshots.c.account_id, unique=True,
      sqlite_where=text("outcome = 'running'"), postgresql_where=text("outcome = 'running'"))  # fmt: skip
Index("ix_snapshots_account", snapshots.c.account_id, snapshots.c.started_at)
Index("ix_snapshots_run", snapshots.c.run_id)

# A request and its kept answer, committed before anyone reads it. `status` 0: there was no answer. `step` counts the
# questions of a snapshot, `attempt` the tries of one question. `read_at`: when its readings were stored with it.
exchanges = Table(
    "exchanges", metadata, _id(), _to("runs", "run_id"), _to("snapshots", "snapshot_id", null=True), _int("step"),
    _int("attempt"), _text("platform"), _text("request"), _int("status"), _text("headers"), _int("sent_at"),
    _int("elapsed_ms"), _text("body", null=True), _text("error", null=True), _int("cost"), _int("read_at", null=True),
    **_STRICT,
)  # fmt: skip
Index("ix_exchanges_snapshot", exchanges.c.snapshot_id, exchanges.c.step, exchanges.c.attempt)
Index("ix_exchanges_run", exchanges.c.run_id)
Index("ix_exchanges_body", exchanges.c.body)

# Bodies, once each, compressed (zlib); `sha256` and `size` are of the uncompressed bytes as they came. From
# `reduced_at` on `packed` holds, as JSON, only what stood at the places that readings and gaps cite. `crc` is of
# `packed` as it lies there (null from before it was kept): it tells also a damage that unpacking would not meet.
bodies = Table(
    "bodies", metadata, Column("sha256", Text, primary_key=True), _int("size"),
    Column("packed", LargeBinary, nullable=False), _int("reduced_at", null=True), _int("crc", null=True),
    **_STRICT,
)  # fmt: skip

places = Table("places", metadata, _id(), Column("pointer", Text, nullable=False, unique=True), **_STRICT)

# What a line of readings is about. `about` is "" for the account, a post's id or an audience's dimension; `origin` is
# api, typed or derived; `precision` instant, day or month. `kind` and `decimals` repeat the measure's, so that old
# readings stay readable when a connector no longer declares it.
series = Table(
    "series", metadata, _id(), _to("accounts", "account_id"), _text("measure"), _int("definition"), _text("about"),
    _text("origin"), _text("precision"), _text("kind"), _int("decimals"),
    UniqueConstraint("account_id", "measure", "definition", "about", "origin", "precision", name="uq_series"),
    **_STRICT,
)  # fmt: skip

# No foreign key to exchanges or places on purpose: `verify` checks them, and a reading stays small.
readings = Table(
    "readings", metadata, Column("series_id", _BIG, primary_key=True), Column("at", _BIG, primary_key=True),
    _int("value"), _int("upto", null=True), _int("exchange_id"), _int("place_id"),
    **_CLUSTERED,
)  # fmt: skip

# Sums of daily flows by calendar month of the platform's days: a cache, made anew for each month that was touched and
# never added to. `month` counts months since year 0; `days` is how many days of it have a reading.
monthly_sums = Table(
    "monthly_sums", metadata, Column("series_id", _BIG, primary_key=True), Column("month", _BIG, primary_key=True),
    _int("days"), _int("total"),
    **_CLUSTERED,
)  # fmt: skip

# What a reading was before a later answer or entry said otherwise. At one place stands one value: it is in the key.
replaced = Table(
    "replaced", metadata, Column("series_id", _BIG, primary_key=True), Column("at", _BIG, primary_key=True),
    Column("exchange_id", _BIG, primary_key=True), Column("place_id", _BIG, primary_key=True),
    _int("value"), _int("upto", null=True), _int("replaced_by"), _int("replaced_at"),
    **_CLUSTERED,
)  # fmt: skip

# What a person said of a typed figure, by the place it was typed at. `mark` is stated, derived or quoted.
entries = Table(
    "entries", metadata, Column("exchange_id", _BIG, primary_key=True), Column("place_id", _BIG, primary_key=True),
    _text("mark"), _text("source"), _text("note"), _text("by"), _text("attachment", null=True),
    **_CLUSTERED,
)  # fmt: skip

attachments = Table(
    "attachments", metadata, Column("sha256", Text, primary_key=True), _text("name"), _int("size"), _int("added_at"),
    **_STRICT,
)  # fmt: skip

# What is known to be missing, and why. Closed when a reading of the same thing arrives.
gaps = Table(
    "gaps", metadata, _to("accounts", "account_id", key=True), Column("measure", Text, primary_key=True),
    Column("about", Text, primary_key=True), Column("from_at", _BIG, primary_key=True),
    Column("to_at", _BIG, primary_key=True), _text("reason"), _text("note"), _int("exchange_id", null=True),
    _int("place_id", null=True), _int("recorded_at"), _int("closed_at", null=True),
    **_CLUSTERED,
)  # fmt: skip

# Which days were answered, whether or not each has a row: idle days are told from missing ones by this.
coverage = Table(
    "coverage", metadata, _to("accounts", "account_id", key=True), Column("measure", Text, primary_key=True),
    Column("first_day", _BIG, primary_key=True), Column("last_day", _BIG, primary_key=True),
    _int("exchange_id"), _int("answered_at"),
    **_CLUSTERED,
)  # fmt: skip

posts = Table(
    "posts", metadata, _to("accounts", "account_id", key=True), Column("post_id", Text, primary_key=True),
    _int("created_at"), _text("kind"), _text("title"), _text("link"), _int("first_seen"), _int("last_seen"),
    **_CLUSTERED,
)  # fmt: skip

# Measures that a platform lately refused for an account; they are tried again after a month.
dead_measures = Table(
    "dead_measures", metadata, _to("accounts", "account_id", key=True), Column("measure", Text, primary_key=True),
    _int("since"),
    **_CLUSTERED,
)  # fmt: skip

# Sealed sign-ins. `seed` is a digest of the value in the environment that the sealed one grew from.
credentials = Table(
    "credentials", metadata, _to("accounts", "account_id", key=True), Column("slot", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False), _text("seed"), _int("expires_at", null=True), _int("updated_at"),
    **_STRICT,
)  # fmt: skip

# Until when a platform asked to be left alone.
pauses = Table(
    "pauses", metadata, Column("platform", Text, primary_key=True), Column("scope", Text, primary_key=True),
    _int("until"),
    **_STRICT,
)  # fmt: skip

# What the platform said of an account's sign-in. `slot` tells apart the services that a platform signs in to each by
# itself, "" where there is one; `granted` is a JSON list of permissions, null where it does not tell; `person` who
# allowed it and `way` how; `ends_at` when it ends by itself, `data_ends_at` until when data may be read with it.
accesses = Table(
    "accesses", metadata, _to("accounts", "account_id", key=True), Column("slot", Text, primary_key=True),
    _text("granted", null=True), _text("person"), _text("way"), _int("ends_at", null=True),
    _int("data_ends_at", null=True), _int("connected_at", null=True), _int("checked_at"),
    **_STRICT,
)  # fmt: skip

# A renewal that was begun and whose answer is not sealed yet. `seed` is the digest of the value that is sent; `holder`
# who is at it, "" for nobody; `lost_at` when that value was first sent and nothing good came back: where it serves only
# once, it may be used up. `failures` in a row, `retry_at` until when it is not sent again, `refusal` what the platform
# refused it with (JSON).
renewals = Table(
    "renewals", metadata, _to("accounts", "account_id", key=True), Column("slot", Text, primary_key=True),
    _text("seed"), _int("begun_at"), _text("holder"), _int("lost_at", null=True), _int("failures"),
    _int("retry_at", null=True), _text("refusal", null=True),
    **_STRICT,
)  # fmt: skip

# Who keeps an account outside this program: what people type for the hand-over sheet.
custody = Table(
    "custody", metadata, _to("accounts", "account_id", key=True), _text("owner"), _text("recovery_mail"),
    _text("second_admin"), _text("note"), _int("updated_at"),
    **_STRICT,
)  # fmt: skip

# When to collect, where it is not the default. The narrowest row holds: an account's, a platform's, an office's.
schedules = Table(
    "schedules", metadata, _id(), _to("offices", "office_id", null=True), _text("platform"),
    _to("accounts", "account_id", null=True), _text("rule"), _int("updated_at"),
    **_STRICT,
)  # fmt: skip

# Signs of life of the service, by its name: how it knows afterwards for how long it was away.
beats = Table("beats", metadata, Column("name", Text, primary_key=True), _int("at"), **_STRICT)

# A span in which nothing could be collected. `kind` is power (the service did not run) or line (no platform answered);
# `to_at` is null while it lasts.
outages = Table(
    "outages", metadata, _id(), _text("kind"), _int("from_at"), _int("to_at", null=True), _int("noted_at"),
    **_STRICT,
)  # fmt: skip

# One row for each cause that people are told of, from its begin to its end. `detail` is JSON: its words in both
# languages, as they were when it began.
alerts = Table(
    "alerts", metadata, _id(), _text("cause"), _text("detail"), _int("opened_at"), _int("closed_at", null=True),
    **_STRICT,
)  # fmt: skip
Index("uq_alerts_open", alerts.c.cause, unique=True,
      sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL"))  # fmt: skip

# What one channel is to be told of an alert: `about` is begin or end. It waits until `due_at`, is claimed by counting
# `tries` up before it is sent, and was said at `told_at`.
tellings = Table(
    "tellings", metadata, _to("alerts", "alert_id", key=True), Column("channel", Text, primary_key=True),
    Column("about", Text, primary_key=True), _int("due_at"), _int("tries"), _int("told_at", null=True),
    **_CLUSTERED,
)  # fmt: skip

# The chain over runs: `number` is a link's place in it, `contents` the tallies of what its run stored, `sha256` the
# digest of both and of the link before.
digests = Table(
    "digests", metadata, _to("runs", "run_id", key=True), Column("number", _BIG, nullable=False, unique=True),
    _text("contents"), _text("sha256"), _int("made_at"),
    **_STRICT,
)  # fmt: skip

# Backups that were made or failed: `error` is null where all went well.
backups = Table(
    "backups", metadata, _id(), _text("path"), _int("size"), _text("sha256"), _int("made_at"),
    _text("error", null=True),
    **_STRICT,
)  # fmt: skip

# Questions for a person. `about` tells apart what an account is asked of at once (a reading's code, a field);
# `state` is open, accepted or refused, decided `by` whom, when, and with which remark.
findings = Table(
    "findings", metadata, _id(), _text("code"), _to("accounts", "account_id", null=True), _text("detail"),
    _text("state"), _int("created_at"), Column("about", Text, nullable=False, server_default=text("''")),
    _int("decided_at", null=True), _text("by", null=True), _text("note", null=True),
    **_STRICT,
)  # fmt: skip

audit = Table("audit", metadata, _id(), _int("at"), _text("by"), _text("action"), _text("detail"), **_STRICT)

# A report as it was made: one row for each version, never changed again. `substance` is a digest of the model without
# its version and moment: equal ones are the same version. `sha256` is of the model as it stands there (null from before
# it was kept).
reports = Table(
    "reports", metadata, _id(), _to("offices", "office_id"), _text("period"), _text("language"), _int("version"),
    _text("substance"), _text("model"), _int("made_at"), _text("sha256", null=True),
    UniqueConstraint("office_id", "period", "language", "version", name="uq_reports"),
    **_STRICT,
)  # fmt: skip

report_files = Table(
    "report_files", metadata, _to("reports", "report_id", key=True), Column("form", Text, primary_key=True),
    _text("name"), _text("sha256"), Column("body", LargeBinary, nullable=False),
    **_STRICT,
)  # fmt: skip
