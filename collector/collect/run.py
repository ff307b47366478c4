"""The one path of every collection: the schedule, `collect now`, catching up, the demo all end here.

A run first ends what a dead process left, then finds the accounts that are meant, and takes a snapshot of each: the
platforms beside each other, of one platform at most as many at once as it has connections. In the end it lets go of
the whole answers whose time is over.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from collector.accounts.bio import find_sites, names_site
from collector.accounts.environment import Unready, list_configured
from collector.accounts.keyring import is_enough
from collector.accounts.vault import Sealed
from collector.collect.http import CONNECTIONS
from collector.collect.line import Line
from collector.collect.outcome import Outcome, Price, Problem, RunResult
from collector.collect.recovery import Recovery
from collector.collect.retention import Retention
from collector.collect.snapshot import Desk, Snapshot
from collector.errors import CollectorError, SelectionError
from collector.growth.periods import Period
from collector.language import current, t
from collector.platforms import get_connector
from collector.settings import KeyValues, Settings
from collector.store.records import StoredAccount
from connectors.kit import PlatformError

_log = logging.getLogger(__name__)

NextDue = Callable[[StoredAccount, datetime], datetime]
Progress = Callable[[int, Outcome | None], None]
"""Told of the number of accounts at the start (without an outcome) and of each that is done."""
Announce = Callable[[tuple[Price, ...]], None]
"""Told what the snapshots of paid platforms will cost, before anything is asked."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which accounts are meant; empty means all. `platforms` are slugs, `handles` as people write them.

    With `due_by` only those that are due by then, and still so when their turn comes.
    """

    office: str | None = None
    platforms: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    due_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a platform said of who an account is. `message` is its name, or why nothing good came.

    `bio_link` is the address that its bio names, and `bio_names_site` whether that is the office's own site; None where
    the platform does not tell, or the office has no site here.
    """

    platform: str
    account: str
    ok: bool
    message: str
    bio_link: str | None = None
    bio_names_site: bool | None = None
    office: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Ready:
    """An account that can be collected, with its keys."""

    account: StoredAccount
    keys: KeyValues


@dataclass(frozen=True, slots=True)
class Collecting:
    """Runs collections. `desk` is made with the number of the run it is for."""

    settings: Settings
    recovery: Recovery
    retention: Retention
    make_desk: Callable[[int], Desk]
    line: Line
    next_due: NextDue
    program: str

    def run(
        self,
        trigger: str,
        selection: Selection,
        *,
        by: str = "",
        period: Period | None = None,
        progress: Progress = lambda total, outcome: None,
        announce: Announce = lambda prices: None,
    ) -> RunResult:
        """Collect the selected accounts. Raises SelectionError where there is nothing to collect."""
        recovered = self.recovery.recover()
        ready, rest = self.choose(selection)
        outcomes = list(rest)
        with self._begin_run(trigger, by) as run_id:
            desk, now = self.make_desk(run_id), self.recovery.clock.now()
            snapshots = [
                Snapshot(desk, one.account, one.keys, self.next_due(one.account, now), period, due_by=selection.due_by)
                for one in ready
            ]
            announce(tuple(_prices(snapshots)))
            progress(len(ready), None)
            for outcome in self._take_all(desk, snapshots):
                progress(len(ready), outcome)
                outcomes.append(outcome)
        self.line.judge(run_id)
        outcomes.sort(key=lambda one: (one.office, one.platform, one.account))
        return RunResult(run_id, trigger, tuple(outcomes), recovered, self.retention.reduce())

    def check(self, selection: Selection) -> list[Checked]:
        """Ask the platform of each selected account who it is. Raises SelectionError where there is none to ask."""
        ready, rest = self.choose(selection)
        with self._begin_run("check", "") as run_id:
            return self._check_all(self.make_desk(run_id), ready, rest)

    def _check_all(self, desk: Desk, ready: Sequence[Ready], rest: Sequence[Outcome]) -> list[Checked]:
        checked = [
            Checked(one.platform, one.account, False, one.problem.message, office=one.office)
            for one in rest
            if one.problem is not None and one.result == "failed"
        ]
        sites = find_sites(desk.accounts.queries.list_accounts())
        for one in ready:
            account = one.account
            try:
                profile = Snapshot(desk, account, one.keys, self.recovery.clock.now()).check()
            except PlatformError as error:
                message = desk.shop.redactor.line(f"{error.message}. {error.hint.text(current())}")
                checked.append(Checked(account.platform, account.handle, False, message, office=account.office.slug))
            except CollectorError as error:
                checked.append(Checked(account.platform, account.handle, False, str(error), office=account.office.slug))
            else:
                names = names_site(account, profile.bio_link, sites.get(account.office.id, ()))
                name = profile.name or profile.handle
                slug = account.office.slug
                checked.append(Checked(account.platform, profile.handle, True, name, profile.bio_link, names, slug))
        return checked

    def choose(self, selection: Selection) -> tuple[list[Ready], list[Outcome]]:
        """Return the accounts to collect, and the outcomes of those that cannot be. Raises SelectionError."""
        desk = self.make_desk(0)
        unready = [
            one for one in list_configured(self.settings, desk.accounts, selection.office) if isinstance(one, Unready)
        ]
        offices = {office.slug for office in desk.accounts.queries.list_offices()}
        if selection.office is not None and selection.office not in offices:
            desk.accounts.get_office(selection.office)
        ready: list[Ready] = []
        rest: list[Outcome] = []
        chosen = self._list_meant(desk, selection)
        sealed = desk.keyring.vault.list_sealed([account.id for account in chosen])
        for account in chosen:
            equipped = self._equip(desk, account, sealed.get(account.id, {}))
            if isinstance(equipped, Ready):
                ready.append(equipped)
            else:
                rest.append(equipped)
        for one in unready:
            if _is_unready_meant(one, selection, chosen):
                rest = [other for other in rest if other.platform != one.connector.slug]
                rest.append(
                    Outcome(
                        selection.office or "", one.connector.slug, one.identity, "failed",
                        problem=Problem("setting", one.message),
                    )
                )  # fmt: skip
        if not ready and not any(outcome.result == "failed" for outcome in rest):
            raise SelectionError(_nothing(selection, rest))
        return ready, rest

    def _list_meant(self, desk: Desk, selection: Selection) -> list[StoredAccount]:
        meant = [
            account
            for account in desk.accounts.queries.list_accounts()
            if account.state != "replaced"
            and selection.office in (None, account.office.slug)
            and (not selection.platforms or account.platform in selection.platforms)
            and (selection.due_by is None or account.due_at is None or account.due_at <= selection.due_by)
        ]
        return desk.accounts.list_called(meant, selection.handles) if selection.handles else meant

    def _equip(self, desk: Desk, account: StoredAccount, sealed: Sealed) -> Ready | Outcome:
        """Give an account its keys, or say why it cannot be collected."""
        if account.state == "paused":
            return Outcome.skipped(account, Problem.paused())
        try:
            connector = get_connector(account.platform)
            keys = desk.keyring.keys_of(connector, account, sealed)
        except LookupError:
            problem = Problem("no_connector", f"{account.platform}: no such platform in this version")
            return Outcome.not_begun(account, problem)
        except CollectorError as error:
            return Outcome.not_begun(account, Problem("setup", str(error)))
        if not is_enough(connector, keys):
            return Outcome.skipped(account, Problem.not_connected())
        return Ready(account, keys)

    @contextmanager
    def _begin_run(self, trigger: str, by: str) -> Iterator[int]:
        """Begin a run, give its number, and record its end, also where somebody or a fault breaks it off."""
        clock, ledger = self.recovery.clock, self.recovery.ledger
        run_id = ledger.begin_run(trigger, by, self.program, clock.now())
        try:
            yield run_id
        finally:
            ledger.finish_run(run_id, clock.now())

    def _take_all(self, desk: Desk, snapshots: list[Snapshot]) -> Iterator[Outcome]:
        with ExitStack() as stack:
            pools: dict[str, ThreadPoolExecutor] = {}
            tasks: list[Future[Outcome]] = []
            for snapshot in snapshots:
                platform = snapshot.account.platform
                if platform not in pools:
                    pools[platform] = stack.enter_context(ThreadPoolExecutor(CONNECTIONS, platform))
                tasks.append(pools[platform].submit(snapshot.take))
            try:
                for task in as_completed(tasks):
                    yield task.result()
            except BaseException:  # Ctrl-C, a full disk: stop asking, store what was read, then say so
                desk.shop.stop()
                for task in tasks:
                    task.cancel()
                raise


def _prices(snapshots: list[Snapshot]) -> Iterator[Price]:
    for snapshot in snapshots:
        try:
            price = snapshot.estimate()
        except Exception as error:  # noqa: BLE001 - taking it meets the same fault, and says so for this account alone
            _log.debug("no estimate for %s %s", snapshot.account.platform, snapshot.account.handle, exc_info=error)
            continue
        if price is not None:
            yield price


def _is_unready_meant(one: Unready, selection: Selection, chosen: list[StoredAccount]) -> bool:
    """Whether the selection means the account that a platform's faulty settings are for, as far as that is known."""
    slug, key = one.connector.slug, one.connector.handle_key
    if selection.platforms and slug not in selection.platforms:
        return False
    is_named = key(one.identity) in {key(handle) for handle in selection.handles}
    was_found = any(account.platform == slug and account.configured is not None for account in chosen)
    return not selection.handles or is_named or was_found


def _nothing(selection: Selection, rest: list[Outcome]) -> str:
    if selection.handles or selection.platforms:
        wanted = ", ".join((*selection.platforms, *selection.handles))
        return t(
            f"Tidak ada akun tersambung yang cocok dengan {wanted}. Lihat: collector accounts list.",
            en=f"No connected account matches {wanted}. See: collector accounts list.",
        )
    if rest:
        return t(
            f"Belum ada akun yang tersambung ({len(rest)} akun hanya diisi manual atau dijeda). Sambungkan "
            "dengan collector connect PLATFORM, atau isi kunci platform di berkas .env (contoh: config.example.env).",
            en=f"No account is connected ({len(rest)} have typed figures only or are paused). Connect one "
            "with collector connect PLATFORM, or fill in a platform's keys in the .env file (see config.example.env).",
        )
    return t(
        "Belum ada akun. Isi kunci platform di berkas .env (contoh: config.example.env), sambungkan dengan collector "
        "connect PLATFORM, atau catat angka dengan collector record.",
        en="There is no account yet. Fill in a platform's keys in the .env file (see config.example.env), connect one "
        "with collector connect PLATFORM, or type a figure in with collector record.",
    )
