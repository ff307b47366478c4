"""From the store to the facts that causes are judged by. Reads only."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from shutil import disk_usage

from collector.accounts.keyring import Keyring, is_enough
from collector.accounts.vault import Sealed
from collector.alerts.facts import AccountFacts, Facts
from collector.alerts.semester import is_near, semester_at
from collector.errors import CollectorError
from collector.growth.periods import Period
from collector.platforms import get_connector
from collector.reports.narrative import read_narrative
from collector.reports.naskah import Manuscripts
from collector.store.accesses import Accesses
from collector.store.engine import Store
from collector.store.queries import Queries
from collector.store.records import Office, StoredAccount
from collector.store.watch import Question, Watch
from connectors.kit import Words

_FOLLOWERS = "followers"
_FIELDS = {"name": Words("nama penanda tangan", "name of the signer")}
_PARTS = {
    "introduction": Words("Pendahuluan", "Introduction"),
    "obstacles": Words("Kendala", "Obstacles"),
    "solutions": Words("Solusi", "Solutions"),
    "closing": Words("Penutup", "Closing"),
}
_EVERYTHING = (Words("belum ditulis", "not written yet"),)


def free_space(folder: Path) -> int:
    """Return how many bytes are free on the disk of a folder."""
    return disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class FactGatherer:
    """Looks an installation over. `free` reads the free space of a folder's disk."""

    store: Store
    queries: Queries
    accesses: Accesses
    keyring: Keyring
    manuscripts: Manuscripts
    free: Callable[[Path], int] = free_space

    def gather(self, now: datetime) -> Facts:
        """Return how all stands."""
        watch, offices, drift = Watch(self.store), self.queries.list_offices(), self.queries.find_clock_drift()
        near = tuple(one for one in offices if is_near(now.astimezone(one.timezone).date()))
        return Facts(
            now, offices, self._accounts(watch, now, near), watch.list_off(now),
            self.free(self.manuscripts.home.absolute()), _size(self.store.path),
            watch.find_last_backup(), watch.find_last_good_backup(now), watch.find_served_since(),
            watch.find_last_run(drift.confirmed_since if drift is not None else 0),
            drift.by if drift is not None else None, dict(self._unwritten(now, one) for one in near),
        )  # fmt: skip

    def _accounts(self, watch: Watch, now: datetime, near: Sequence[Office]) -> tuple[AccountFacts, ...]:
        accounts = [one for one in self.queries.list_accounts() if one.state != "replaced"]  # nobody collects these
        numbers = [one.id for one in accounts]
        good, failures = watch.list_last_good(now), watch.list_failures(now)
        accesses, sealed = self.accesses.list_all(numbers), self.keyring.vault.list_sealed(numbers)
        questions: dict[int | None, list[Question]] = defaultdict(list)
        for question in watch.list_questions():
            questions[question.account_id].append(question)
        bases, lasts = self._days(watch, now, accounts, near)
        return tuple(
            AccountFacts(
                one, _label(one), self._is_connected(one, sealed.get(one.id, {})), good.get(one.id),
                failures.get(one.id, ()), accesses.get(one.id, ()), tuple(questions[one.id]),
                bases.get(one.id), lasts.get(one.id),
            )
            for one in accounts
        )  # fmt: skip

    def _is_connected(self, account: StoredAccount, sealed: Sealed) -> bool:
        try:
            connector = get_connector(account.platform)
            return is_enough(connector, self.keyring.keys_of(connector, account, sealed))
        except LookupError:
            return False
        except CollectorError:
            return True  # it has keys, and something is wrong with them: nobody meant it to be left alone

    def _days(
        self, watch: Watch, now: datetime, accounts: Sequence[StoredAccount], near: Sequence[Office]
    ) -> tuple[Mapping[int, date], Mapping[int, date]]:
        """Return the days of the newest figures before the semester and at all, of the offices that it matters to."""
        bases: dict[int, date] = {}
        lasts: dict[int, date] = {}
        for office in near:
            numbers = [one.id for one in accounts if one.office.id == office.id]
            today = now.astimezone(office.timezone).date()
            period = semester_at(today)
            for found, last in ((bases, period.first - timedelta(days=1)), (lasts, min(today, period.last))):
                end = datetime.combine(last + timedelta(days=1), time(), office.timezone)
                found.update(watch.list_days(numbers, _FOLLOWERS, last, end))
        return bases, lasts

    def _unwritten(self, now: datetime, office: Office) -> tuple[tuple[int, str], tuple[Words, ...]]:
        period = semester_at(now.astimezone(office.timezone).date())
        return (office.id, period.name), _list_unwritten(self.manuscripts, office, period)


def _list_unwritten(manuscripts: Manuscripts, office: Office, period: Period) -> tuple[Words, ...]:
    """Return which texts of a report nobody has written. The file is not begun by looking for it."""
    try:
        text = manuscripts.path_of(office, period).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return _EVERYTHING
    narrative = read_narrative(text)
    empty = [words for name, words in _FIELDS.items() if not narrative.fields.get(name, "").strip()]
    return (*empty, *(words for name, words in _PARTS.items() if narrative.part(name).is_empty))


def _label(account: StoredAccount) -> str:
    """Return what people call an account: its platform and its handle."""
    try:
        return f"{get_connector(account.platform).name} {account.handle}"
    except LookupError:
        return f"{account.platform} {account.handle}"


def _size(database: Path | None) -> int:
    return database.stat().st_size if database is not None and database.exists() else 0
