"""Kept files: the proofs behind typed figures, and the reports that were made."""

from collections.abc import Iterator
from hashlib import file_digest, sha256
from pathlib import Path

from collector.figures.codes import reading_code
from collector.language import t
from collector.store.evidence import Evidence, KeptFile
from collector.system_errors import reason
from collector.verifying.damage import Damage, restore


def attachment_path(home: Path, digest: str, name: str) -> Path:
    """Return where a proof lies in the home."""
    return home / "attachments" / f"{digest}{Path(name).suffix.lower()}"


def verify_attachments(home: Path, evidence: Evidence) -> Iterator[Damage | None]:
    """Yield each proof that is damaged or gone, and None for one that is whole."""
    for kept in evidence.list_attachments():
        fault = _fault_of(attachment_path(home, kept.sha256, kept.name), kept)
        if fault is None:
            yield None
            continue
        path = attachment_path(home, kept.sha256, kept.name)
        what = t(f"Lampiran {kept.name} ({path}) {fault}.", en=f"The attachment {kept.name} ({path}) {fault}.")
        figures = tuple(reading_code(*one) for one in evidence.list_proven(kept.sha256))
        mend = t(
            "Pulihkan berkas itu dari cadangan, atau lampirkan lagi berkas aslinya dengan collector record --attach.",
            en="Restore the file from a backup, or attach the original again with collector record --attach.",
        )
        yield Damage("attachment.damaged", what, "", figures, mend)


def _fault_of(path: Path, kept: KeptFile) -> str | None:
    try:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return t("tidak ada lagi", en="is gone")
    except OSError as error:
        return t(f"tidak terbaca ({reason(error)})", en=f"cannot be read ({reason(error)})")
    return None if digest == kept.sha256 else t("berubah", en="has changed")


def verify_reports(evidence: Evidence) -> Iterator[Damage | None]:
    """Yield each stored report, or file of one, that is damaged, and None for one that is whole."""
    for label, digest, body in evidence.list_report_parts():
        if digest is None or sha256(body).hexdigest() == digest:
            yield None
            continue
        what = t(f"Laporan tersimpan {label} berubah.", en=f"The stored report {label} has changed.")
        yield Damage("report.damaged", what, "", (), restore())
