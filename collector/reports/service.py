"""Making a report: gather, compose, check, freeze, render. The one path, whoever asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from collector.clock import Clock
from collector.errors import SelectionError
from collector.growth.periods import Period, previous
from collector.language import current, t
from collector.reports.archive import dump, list_changes, load, substance_of
from collector.reports.checks import check
from collector.reports.compose import compose
from collector.reports.gather import Gatherer
from collector.reports.model import Report
from collector.reports.naskah import Manuscripts
from collector.reports.renderers import TEMPLATED, render_with
from collector.store.records import Office, StoredAccount
from collector.store.reports import Reports, StoredReport
from collector.system_errors import reason

Render = Callable[[Report], bytes]
"""Lays a report out in one format."""


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was made or taken from the archive. `files` are names and bytes by format."""

    report: Report
    files: Mapping[str, tuple[str, bytes]]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Reporting:
    """Makes reports and keeps them. `renderers` are by format."""

    gatherer: Gatherer
    manuscripts: Manuscripts
    archive: Reports
    clock: Clock
    renderers: Mapping[str, Render]

    def make(
        self,
        office: Office,
        accounts: Sequence[StoredAccount],
        period: Period,
        position: datetime,
        *,
        against: Period | None = None,
        as_of: datetime | None = None,
        formats: Sequence[str],
        template: bytes | None = None,
    ) -> Made:
        """Make an office's report. Unchanged it is the version that exists; changed it is a new one.

        With `template`, the office's own Word file, its Word version is made of that and not kept.
        """
        now = self.clock.now()
        other = against or previous(period)
        platforms = tuple(dict.fromkeys(self.gatherer.name_of(account) for account in accounts))
        narrative = self.manuscripts.read(office, period, platforms, now.astimezone(office.timezone).date())
        material = self.gatherer.gather(office, accounts, period, other, position, narrative, as_of or now, as_of)
        report = compose(material)
        earlier = self.archive.list_versions(office.id, period.name, current())
        same = next((one for one in earlier if one.substance == substance_of(report)), None)
        if same is not None:
            return self._with_files(load(same.model), same, formats, template, is_new=False)
        before = self._last(office, other)
        report = replace(
            report,
            version=earlier[-1].version + 1 if earlier else 1,
            checks=check(report, material, before),
            changed=list_changes(load(earlier[-1].model), report) if earlier else (),
        )
        stored = self.archive.freeze(
            office.id, period.name, current(), report.version, substance_of(report), dump(report), now
        )
        return self._with_files(report, stored, formats, template, is_new=True)

    def reprint(self, office: Office, period: Period, version: int, formats: Sequence[str]) -> Made:
        """Return a frozen version with its stored files. Raises SelectionError where there is none."""
        versions = self.archive.list_versions(office.id, period.name, current())
        found = next((one for one in versions if one.version == version), None)
        if found is None:
            there = ", ".join(str(one.version) for one in versions) or t("belum ada", en="none yet")
            raise SelectionError(
                t(
                    f"Laporan {period.name} versi {version} tidak ada. Versi yang ada: {there}.",
                    en=f"There is no version {version} of the report {period.name}. There are: {there}.",
                )
            )
        return self._with_files(load(found.model), found, formats, None, is_new=False)

    def _with_files(
        self, report: Report, stored: StoredReport, formats: Sequence[str], template: bytes | None, *, is_new: bool
    ) -> Made:
        """Return a version's files; one in a format that was never asked for is rendered and kept."""
        kept = dict(self.archive.read_files(stored.id))
        for form in formats:
            name = f"{report.stem}.{form}"
            if template is not None and form == TEMPLATED:
                kept[form] = (name, render_with(report, template))
            elif form not in kept:
                kept[form] = (name, self.renderers[form](report))
                self.archive.keep_file(stored.id, form, *kept[form])
        return Made(report, {form: kept[form] for form in formats}, is_new)

    def _last(self, office: Office, period: Period) -> Report | None:
        versions = self.archive.list_versions(office.id, period.name, current())
        return load(versions[-1].model) if versions else None


def write_files(made: Made, folder: Path) -> list[Path]:
    """Write a report's files into a folder. Raises SelectionError where that cannot be."""
    return write_bytes(dict(made.files.values()), folder)


def write_bytes(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write files by name into a folder. Raises SelectionError where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for name, body in files.items():
            path = folder / name
            path.write_bytes(body)
            paths.append(path)
    except OSError as error:
        raise SelectionError(
            t(
                f"Berkas laporan tidak dapat ditulis ke {folder} ({reason(error)}). Pilih folder lain dengan --out.",
                en=f"The report cannot be written to {folder} ({reason(error)}). Choose another folder with --out.",
            )
        ) from None
    return paths
