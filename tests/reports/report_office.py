"""The real example's files, the texts written for its report, and making it."""

from pathlib import Path

from collector.figures.growth import default_position
from collector.growth.periods import parse_period
from collector.reports.service import Made
from collector.wiring import Application

EXAMPLES = Path(__file__).parents[2] / "examples"
SIGNED = """## Tanda tangan
- Tempat: Pontianak
- Tanggal: Januari 2023
- Jabatan: Ketua KPU Kota Pontianak
- Nama: (nama ketua)
## Pendahuluan
Laporan ini disusun sebagai bentuk pertanggungjawaban.
## Fitur yang dimanfaatkan
### Instagram
- Story
- Reels & siaran <langsung>
## Kendala
- Petugas merangkap jabatan lain
## Solusi
1. Menambah petugas
## Penutup
Demikian laporan ini.
"""


def make(application: Application, period: str = "2022-S2", formats: tuple[str, ...] = ()) -> Made:
    """Make the report of a period."""
    office = application.accounts.get_office(None)
    wanted = parse_period(period)
    position = default_position(wanted, application.clock.now(), office.timezone)
    accounts = application.queries.list_accounts(office_id=office.id)
    return application.reporting.make(office, accounts, wanted, position, formats=formats)
