"""Storing typed figures: the file or the entry is kept like any answer, and each reading points into it.

All of a file is stored or nothing of it. A file that was imported before adds nothing.
"""

import json
import os
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from collector.accounts.service import DEFAULT_ZONE, Accounts
from collector.errors import ImportRowsError
from collector.importers.figures import TypedFigure, read_entry, read_figures
from collector.importers.tables import MOST_BYTES, read_table
from collector.language import t
from collector.platforms import get_connector
from collector.store.ledger import Entry, Kept, Ledger
from collector.store.records import Office, Stored
from collector.system_errors import reason
from connectors.kit import Place, Reading

API = "import"
"""What stands as the platform and host of a kept file or entry."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `known` says that these very bytes were imported before."""

    figures: tuple[TypedFigure, ...]
    stored: Stored
    known: bool = False


@dataclass(frozen=True, slots=True)
class Importer:
    """Takes typed figures into the store."""

    accounts: Accounts
    ledger: Ledger
    home: Path
    program: str

    def import_file(self, path: Path, *, office: str | None, dry_run: bool) -> Imported:
        """Store a file's figures, or with `dry_run` only read it. Raises ImportRowsError; then nothing is stored."""
        body = _read_file(path)
        known = self.accounts.queries.find_imported(sha256(body).hexdigest()) is not None
        zone_of = cache(lambda text: self._zone_of(text, office))  # a file has many rows and few offices
        figures = read_figures(read_table(path.name, body), zone_of=zone_of, now=self.accounts.clock.now())
        if dry_run or known:
            return Imported(figures, Stored(), known)
        request = {"api": API, "method": "FILE", "path": f"/{path.name}"}
        return Imported(figures, self._store("import", "", request, body, figures, office))

    def record(
        self, cells: Mapping[str, str], *, office: str | None, attachment: Path | None, by: str
    ) -> tuple[TypedFigure, Stored]:
        """Store one figure typed on the command line, with the file that proves it. Raises ImportRowsError."""
        figure = read_entry(cells, zone=self._zone_of("", office), now=self.accounts.clock.now())
        digest = self._keep_attachment(attachment) if attachment is not None else None
        body = json.dumps({**cells, "by": by, "attachment": digest}, ensure_ascii=False, sort_keys=True).encode()
        request = {"api": API, "method": "ENTRY", "path": "/record"}
        return figure, self._store("record", by, request, body, (figure,), office, "body:/value", digest)

    def _store(
        self,
        trigger: str,
        by: str,
        request: Mapping[str, object],
        body: bytes,
        figures: tuple[TypedFigure, ...],
        office: str | None,
        pointer: str = "",
        attachment: str | None = None,
    ) -> Stored:
        now = self.accounts.clock.now()
        entries: dict[int, list[Entry]] = defaultdict(list)
        account_of = cache(self._account_of)
        for figure in figures:
            place = Place(0, pointer or f"cell:/{figure.row}/{figure.column}")
            reading = Reading(figure.measure, figure.value, figure.when, place, figure.about, figure.upto)
            entries[account_of(figure.office, office, figure.platform, figure.handle)].append(
                Entry(reading, figure.precision, figure.mark, figure.source, figure.note, by, attachment)
            )
        run_id = self.ledger.begin_run(trigger, by, self.program, now)
        kept = Kept(run_id, None, 0, 1, API, request, 200, {}, now, 0, body)
        stored = self.ledger.store_entries(kept, list(entries.items()), now)
        self.ledger.finish_run(run_id, self.accounts.clock.now())
        return stored

    def _account_of(self, office_text: str, office: str | None, platform: str, handle: str) -> int:
        where = self._office_of(office_text, office)
        return self.accounts.ensure(where, get_connector(platform), handle).id

    def _office_of(self, text: str, office: str | None) -> Office:
        """Return the office that a row names, made where it is not there; without a name the command's."""
        if not text:
            return self.accounts.get_office(office)
        return self._find_office(text) or self.accounts.ensure_office(make_slug(text), text)

    def _find_office(self, text: str) -> Office | None:
        wanted = (make_slug(text), text.casefold())
        for office in self.accounts.queries.list_offices():
            if office.slug == wanted[0] or office.name.casefold() == wanted[1]:
                return office
        return None

    def _zone_of(self, text: str, office: str | None) -> ZoneInfo:
        """Return the zone of the office that a row names, else the command's; of one not known yet, the default.

        Reading makes no office: of a file that is refused nothing at all may stay.
        """
        if text:
            found = self._find_office(text)
            return found.timezone if found is not None else ZoneInfo(DEFAULT_ZONE)
        if office is None and not self.accounts.queries.list_offices():
            return ZoneInfo(DEFAULT_ZONE)
        return self.accounts.get_office(office).timezone

    def _keep_attachment(self, path: Path) -> str:
        """Copy a screenshot or file into the home under its digest, whole or not at all."""
        body = _read_file(path)
        digest = sha256(body).hexdigest()
        folder = self.home / "attachments"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = folder / f"{digest}{path.suffix.lower()}"
        if not target.exists():
            draft = folder / f".{digest}.{os.getpid()}"
            with draft.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        self.ledger.keep_attachment(digest, path.name, len(body), self.accounts.clock.now())
        return digest


def make_slug(name: str) -> str:
    """Return a name as it stands in commands: lower case, words joined by hyphens ("kota-pontianak")."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "kantor"


def _read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ImportRowsError(
                t(
                    f"{path.name} lebih besar dari {MOST_BYTES // 1024 // 1024} MB; bagi menjadi beberapa berkas.",
                    en=f"{path.name} is larger than {MOST_BYTES // 1024 // 1024} MB; split it into several files.",
                )
            )
        return path.read_bytes()
    except OSError as error:
        raise ImportRowsError(
            t(
                f"{path} tidak dapat dibaca ({reason(error)}). Periksa nama dan izin berkasnya.",
                en=f"{path} cannot be read ({reason(error)}). Check its name and permissions.",
            )
        ) from None
