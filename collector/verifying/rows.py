"""Rows that lead nowhere, sums that are none, and what the database says of itself."""

from collections.abc import Iterator, Mapping
from itertools import islice

from collector.figures.codes import reading_code
from collector.language import t
from collector.store import integrity
from collector.store.engine import Store
from collector.store.records import StoredAccount
from collector.verifying.damage import Damage, restore

_MOST_NAMED = 1_000  # figures; where more are wrong they are wrong by one cause


def verify_database(store: Store) -> Iterator[Damage]:
    """Yield what the database finds wrong with itself."""
    for line in integrity.check_database(store):
        what = t(f"Basis data rusak: {line}.", en=f"The database is damaged: {line}.")
        yield Damage("database.damaged", what, str(store.path), (), restore())


def verify_references(store: Store) -> Iterator[Damage]:
    """Yield the rows that name something that is not there."""
    for orphans in integrity.list_orphans(store):
        what = t(
            f"{orphans.count} baris di {orphans.table} menunjuk {orphans.column} yang tidak ada "
            f"(contoh: {orphans.example}).",
            en=f"{orphans.count} rows of {orphans.table} name a {orphans.column} that is not there "
            f"(such as {orphans.example}).",
        )
        yield Damage(f"rows.{orphans.table}.{orphans.column}", what, "", (), restore())
    codes = tuple(reading_code(*one) for one in islice(integrity.list_misplaced(store), _MOST_NAMED))
    if codes:
        what = t(
            f"Riwayat {len(codes)} angka tidak runtut: penggantinya tidak ada, atau waktunya diubah.",
            en=f"The history of {len(codes)} figures does not follow: what replaced them is not there, or its time was "
            "changed.",
        )
        yield Damage("figure.history", what, "", codes, restore())


def verify_sums(store: Store, accounts: Mapping[int, StoredAccount]) -> Iterator[Damage]:
    """Yield the monthly sums that are not what the days come to."""
    for wrong in integrity.list_wrong_sums(store):
        found = integrity.describe_series(store, wrong.series_id)
        account = accounts.get(found[0]) if found is not None else None
        where = f"{account.platform} {account.handle} ({account.office.slug})" if account is not None else ""
        measure = " ".join(part for part in found[1:] if part) if found is not None else f"#{wrong.series_id}"
        kept, summed = (f"{pair[1]} ({pair[0]})" if pair is not None else "–" for pair in (wrong.kept, wrong.summed))
        month = integrity.month_name(wrong.month)
        what = t(
            f"Jumlah bulan {month} untuk {measure} tersimpan {kept}, seharusnya {summed}.",
            en=f"The sum of {month} of {measure} is kept as {kept} and comes to {summed}.",
        )
        yield Damage("sum.differs", what, where, (), restore())
