"""Reports of the real example: an office that took over the Pontianak report of 2022."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from report_office import EXAMPLES, SIGNED, make

from collector import settings
from collector.clock import SetClock
from collector.importers.service import Importer
from collector.reports.model import Report
from collector.wiring import Application


@pytest.fixture(scope="session")
def pontianak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """An installation with the Pontianak report imported and its texts written. Only look at it."""
    home = tmp_path_factory.mktemp("pontianak")
    (home / "none.env").touch()
    loaded = settings.load(
        {"COLLECTOR_HOME": str(home / "home"), "COLLECTOR_KEY_FILE": str(home / "key"),
         "COLLECTOR_ENV_FILE": str(home / "none.env")}
    )  # fmt: skip
    clock = SetClock(datetime(2023, 1, 9, 2, tzinfo=UTC))
    with Application.open(loaded, clock=clock) as application:
        importer = Importer(application.accounts, application.ledger, loaded.home, "test")
        importer.import_file(EXAMPLES / "pontianak-2022.csv", office=None, dry_run=False)
        texts = loaded.home / "naskah" / "kota-pontianak" / "2022-S2.md"
        texts.parent.mkdir(parents=True)
        texts.write_text(SIGNED, "utf-8")
        yield application


@pytest.fixture(scope="session")
def report(pontianak: Application) -> Report:
    """The report of the second semester of 2022."""
    return make(pontianak).report
