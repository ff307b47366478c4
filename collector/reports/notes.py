"""The notes on the data: what is missing, changed, rounded or typed, in plain sentences that nobody has to write."""

from collections.abc import Iterator

from collector.growth.change import Change, Flag
from collector.growth.points import Origin
from collector.language import current, t
from collector.reports import formats
from collector.reports.material import AccountMaterial, Material
from collector.reports.model import Bullets, Section
from collector.reports.outages import list_notes
from collector.reports.platforms import QUOTED_CHANGE, quoted_text
from collector.reports.words import leap_text, percent_cell


def compose_notes(material: Material) -> Section:
    """Make the section of notes."""
    items = [*_general(material), *list_notes(material)]
    for account in material.accounts:
        items += list(dict.fromkeys(_of_account(account)))
    return Section("notes", t("Catatan Data", en="Notes on the Data"), (Bullets(tuple(items)),))


def _general(material: Material) -> Iterator[str]:
    yield t(
        f"Posisi data: {formats.moment(material.position, material.zone)}. Periode dibandingkan dengan "
        f"{formats.period(material.against)}.",
        en=f"Position of the data: {formats.moment(material.position, material.zone)}. The period is compared with "
        f"{formats.period(material.against)}.",
    )
    yield t(
        "Persentase dihitung dari angka bulat yang tercetak, dibulatkan sekali ke satu desimal. Tanda “–” berarti "
        "tidak ada angka, bukan nol.",
        en="Percentages are of the printed whole numbers, rounded once to one decimal. A dash means that there is no "
        "figure; it is not a nought.",
    )
    yield t(
        "Jangkauan dan pengunjung dihitung platform sebagai orang yang berbeda dalam satu rentang, sehingga tidak "
        "dijumlahkan antarhari maupun antarplatform.",
        en="Reach and users are distinct people within one span by the platform's own count: they are never added up "
        "over days or platforms.",
    )


def _of_account(account: AccountMaterial) -> Iterator[str]:
    """Yield what holds of an account's figures, each remark once with all the figures that it is of."""
    if account.succession:
        yield f"{account.platform}: {account.succession}"
    for doubt in account.doubts:
        yield f"{account.platform}: {doubt}."
    remarks: dict[str, list[str]] = {}
    for change in account.changes:
        for remark in _of_change(account, change):
            remarks.setdefault(remark, []).append(_label(account, change))
    for remark, labels in remarks.items():
        yield f"{account.platform}: {', '.join(dict.fromkeys(labels))}: {remark}"
    yield from _quoted(account)
    for missing in account.missing:
        days = formats.days(missing.first, missing.last)
        yield f"{account.platform}: {missing.label}, {days}: {missing.message}."


def _label(account: AccountMaterial, change: Change) -> str:
    measure = account.measures.get(change.measure)
    return measure.metric.labels.text(current()) if measure is not None else change.metric


def _quoted(account: AccountMaterial) -> Iterator[str]:
    """Name the percentages that were printed elsewhere of a change that is computed here, where they differ."""
    for quote in account.quotes:
        metric = quote.metric.removesuffix(QUOTED_CHANGE)
        change = next((one for one in account.changes if one.metric == metric and one.percent is not None), None)
        if change is None or change.percent is None:
            continue
        printed, computed = quoted_text(quote), percent_cell(change)
        if printed.lstrip("+") == computed.lstrip("+"):
            continue
        source = quote.point.source or t("sumber lain", en="another source")
        yield t(
            f"{account.platform}: {source} mencantumkan {printed}; dihitung ulang dari angkanya {computed}.",
            en=f"{account.platform}: {source} printed {printed}; reckoned again from its figures it is {computed}.",
        )


def _of_change(account: AccountMaterial, change: Change) -> Iterator[str]:
    measure, flags = account.measures.get(change.measure), change.flags
    if Flag.MANUAL in flags or Flag.DERIVED_BASE in flags:
        points = [point for end in (change.base, change.end) if end is not None for point in end.points]
        sources = sorted({point.source for point in points if point.origin is not Origin.API and point.source})
        told = f" ({'; '.join(sources)})" if sources else ""
        yield t(f"diisi manual{told}.", en=f"typed in{told}.")
    if Flag.DERIVED_BASE in flags:
        yield t(
            "data dasar dihitung balik dari laporan dan belum dipastikan.",
            en="the base was worked back from a report and is not confirmed.",
        )
    if Flag.INTERVAL in flags:
        yield t(
            "hanya diketahui sebagai selang karena platform atau laporan membulatkannya.",
            en="only known as an interval, because the platform or a report rounds it.",
        )
    if Flag.DEFINITION_CHANGED in flags and measure is not None:
        since = measure.definitions[-1].since
        on = t(f" sejak {formats.day(since)}", en=f" since {formats.day(since)}") if since else ""
        yield t(
            f"artinya diubah platform{on}; angka sebelum dan sesudahnya tidak dibandingkan.",
            en=f"the platform changed its meaning{on}; figures before and after are not compared.",
        )
    if Flag.HELD in flags:
        yield t(
            "angka terbaru melonjak tidak biasa dan menunggu konfirmasi; yang dipakai angka sebelumnya.",
            en="the newest figure leapt and waits to be confirmed; the one before is used.",
        )
    for leap in change.leaps:
        yield f"{leap_text(leap)}."
    if Flag.PARTIAL_COVERAGE in flags:
        yield t(
            "kurang dari 90% hari terekam pada salah satu periode; jumlahnya sebagian dan tidak dibandingkan.",
            en="less than 90% of the days of one period were recorded; the sum is in part, and not compared.",
        )
    elif Flag.MEAN_PER_DAY in flags:
        yield t(
            "hari terekam berbeda antarperiode; persentasenya dari rata-rata per hari terekam.",
            en="the recorded days differ between the periods; the percentage is of a recorded day's mean.",
        )
