"""One report of an office, by the product's own path, in a process of its own.

Run as `python -m benchmarks.reporting FORMAT,FORMAT` in the environment of an office that `benchmarks.office` made.
"""

import json
import sys

from benchmarks.opening import read_settings
from benchmarks.population import NOW
from collector.clock import SetClock
from collector.figures.growth import default_position
from collector.growth.periods import parse_period
from collector.reports.service import write_files
from collector.wiring import Application

_SEMESTER = parse_period("2026-S1")


def make(formats: list[str]) -> dict[str, object]:
    """Make the semester's report and write its files. Returns the bytes of each."""
    with Application.open(read_settings(), clock=SetClock(NOW)) as application:
        office = application.accounts.get_office(None)
        accounts = application.queries.list_accounts(office_id=office.id)
        position = default_position(_SEMESTER, NOW, office.timezone)
        made = application.reporting.make(office, accounts, _SEMESTER, position, formats=formats)
        if not made.is_new:
            raise RuntimeError("this report was made before: its files were only taken out")
        write_files(made, application.settings.home / "laporan")
    return {"bytes": {form: len(body) for form, (_, body) in made.files.items()}}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(make(sys.argv[1].split(","))))
