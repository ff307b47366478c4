"""The rules of the schedule as people write them: daily, weekly, or a line of cron; in both languages.

Days of the week are names only. Their numbers mean another day to every program (cron counts from Sunday, others from
Monday), and a collection that comes a day late looks like one that came.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from collector.errors import RuleError
from collector.language import current, t

WEEKDAYS = {
    "mon": "senin", "tue": "selasa", "wed": "rabu", "thu": "kamis", "fri": "jumat", "sat": "sabtu", "sun": "minggu",
}  # fmt: skip
_KINDS = {"daily": "harian", "weekly": "mingguan", "cron": "cron"}
_ALSO = {"jum'at": "fri", "ahad": "sun", "akhir": "last"}
_ENGLISH = {indonesian: english for english, indonesian in [*WEEKDAYS.items(), *_KINDS.items()]} | _ALSO
_ORDER = tuple(WEEKDAYS)
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Fire:
    """One line of cron: lists of numbers, `last` for a month's last day, names of weekdays; "*" for every one."""

    minute: str
    hour: str
    day: str = "*"
    month: str = "*"
    weekday: str = "*"


@dataclass(frozen=True, slots=True)
class Rule:
    """When to collect. `text` is the rule in one spelling; `fires` the lines of cron that it stands for."""

    text: str
    fires: tuple[Fire, ...]

    def __str__(self) -> str:
        """Return the rule in the language in use, as it may be typed in again."""
        kind, _, rest = self.text.partition(" ")
        said = f'{kind} "{rest}"' if kind == "cron" else self.text
        if current() == "en":
            return said
        return re.sub(r"[a-z]+", lambda word: {**_KINDS, **WEEKDAYS, "last": "akhir"}.get(word[0], word[0]), said)


def parse_rule(written: str) -> Rule:
    """Read a rule. Raises RuleError with the sentence that says what is wrong."""
    kind, *words = [_ENGLISH.get(word, word) for word in written.casefold().replace('"', " ").split()] or [""]
    match kind:
        case "daily":
            times = _read_times(_listed(words))
            return Rule(f"daily {_join(times)}", tuple(Fire(*time) for time in times))
        case "weekly":
            listed = _listed(words)
            days = _read_weekdays(",".join(one for one in listed if ":" not in one and "." not in one))
            times = _read_times([one for one in listed if ":" in one or "." in one])
            return Rule(f"weekly {days} {_join(times)}", tuple(Fire(*time, weekday=days) for time in times))
        case "cron":
            return _read_cron(words)
    raise RuleError(
        t(
            f"Jadwal “{written}” tidak dikenal. Tulis misalnya: harian 02:30; harian 02:30,14:30; "
            'mingguan senin 03:00; cron "30 2 * * senin-jumat".',
            en=f'The rule "{written}" is not known. Write for example: daily 02:30; daily 02:30,14:30; '
            'weekly mon 03:00; cron "30 2 * * mon-fri".',
        )
    )


def spread_over_the_day(count: int, hour: int, minute: int) -> Rule:
    """Return the rule of so many collections a day, evenly apart, one of them at that time."""
    begin, apart = hour * 60 + minute, 24 * 60 // count
    moments = sorted((begin + number * apart) % (24 * 60) for number in range(count))
    return parse_rule(f"daily {','.join(f'{one // 60:02}:{one % 60:02}' for one in moments)}")


def _listed(words: list[str]) -> list[str]:
    return [one for one in " ".join(words).replace(",", " ").split() if one]


def _join(times: list[tuple[str, str]]) -> str:
    return ",".join(f"{int(hour):02}:{int(minute):02}" for minute, hour in times)


def _read_times(words: list[str]) -> list[tuple[str, str]]:
    """Return the times of day as minute and hour, earliest first, each once."""
    found = set()
    for word in words:
        time = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})", word)
        if time is None or int(time[1]) > 23 or int(time[2]) > 59:
            raise RuleError(
                t(f"Jam “{word}” belum benar. Tulis dua angka jam dan dua angka menit, misalnya 02:30.",
                  en=f'The time "{word}" is not right. Write hours and minutes, for example 02:30.')
            )  # fmt: skip
        found.add((int(time[1]), int(time[2])))
    if not found:
        raise RuleError(t("Jamnya belum ada, misalnya: harian 02:30.", en="There is no time; write daily 02:30."))
    moments = sorted(hour * 60 + minute for hour, minute in found)
    if any(later - earlier < 60 for earlier, later in pairwise([*moments, moments[0] + 24 * 60])):
        raise _too_often()
    return [(str(moment % 60), str(moment // 60)) for moment in moments]


def _read_cron(words: list[str]) -> Rule:
    if len(words) != 5:
        raise RuleError(
            t(
                f"Baris cron terdiri atas lima bagian (menit jam tanggal bulan hari), diapit tanda kutip; ini "
                f'{len(words)}. Misalnya: cron "30 2 * * senin-jumat".',
                en=f"A line of cron has five parts (minute hour day month weekday), between quotes; this has "
                f'{len(words)}. For example: cron "30 2 * * mon-fri".',
            )
        )
    minute, hour, day, month, weekday = words
    if not minute.isascii() or not minute.isdigit() or int(minute) > 59:
        raise _too_often()
    if day != "*" and weekday != "*":
        raise RuleError(
            t(
                "Isi tanggal atau hari, jangan keduanya: artinya berbeda-beda antarprogram. Bagian lainnya ditulis *.",
                en="Give a day of the month or of the week, not both: programs differ in what it means. Write * for "
                "the other.",
            )
        )
    fire = Fire(
        str(int(minute)),
        _read_numbers(hour, 0, 23),
        day if day == "last" else _read_numbers(day, 1, 31),
        _read_numbers(month, 1, 12),
        _read_weekdays(weekday) if weekday != "*" else "*",
    )
    _check_it_comes(fire)
    written = " ".join((fire.minute, hour, day, month, fire.weekday))
    return Rule(f"cron {written}", (fire,))


def _read_numbers(field: str, low: int, high: int) -> str:
    """Return a part of a line of cron as a list of numbers. Raises RuleError."""
    if field == "*":
        return field
    found: set[int] = set()
    for part in field.split(","):
        shape = re.fullmatch(r"(?:\*|([0-9]{1,2})(?:-([0-9]{1,2}))?)(?:/([0-9]{1,2}))?", part)
        if shape is not None:
            first = int(shape[1]) if shape[1] else low
            last = int(shape[2]) if shape[2] else (first if shape[1] and not shape[3] else high)
            if low <= first <= last <= high and (shape[3] is None or int(shape[3])):
                found.update(range(first, last + 1, int(shape[3] or 1)))
                continue
        raise RuleError(
            t(f"Bagian cron “{part}” belum benar: tulis angka {low} sampai {high}, misalnya 2, 2-5, atau */6.",
              en=f'The part "{part}" of the cron line is not right: write numbers from {low} to {high}, such as 2, '
              "2-5 or */6.")
        )  # fmt: skip
    return ",".join(str(number) for number in sorted(found))


def _read_weekdays(field: str) -> str:
    """Return names of weekdays and ranges of them as a list of names. Raises RuleError."""
    if not field:
        raise RuleError(
            t("Harinya belum ada, misalnya: mingguan senin 03:00.", en="There is no day; write weekly mon 03:00.")
        )
    found: set[str] = set()
    for part in field.split(","):
        ends = [_ENGLISH.get(word, word) for word in part.split("-")]
        if len(ends) > 2 or any(end not in WEEKDAYS for end in ends):
            raise RuleError(
                t(
                    f"Hari “{part}” belum benar. Tulis nama hari (senin, selasa, rabu, kamis, jumat, sabtu, minggu), "
                    "bukan angka: angka hari berbeda artinya antarprogram.",
                    en=f'The weekday "{part}" is not right. Write mon, tue, wed, thu, fri, sat or sun, never a number: '
                    "programs differ in which day it is.",
                )
            )
        first, last = _ORDER.index(ends[0]), _ORDER.index(ends[-1])
        found.update(_ORDER[number % 7] for number in range(first, last + 1 + (7 if last < first else 0)))
    return ",".join(day for day in _ORDER if day in found)


def _check_it_comes(fire: Fire) -> None:
    """Refuse a day that no month has, such as the thirtieth of February."""
    if fire.day in ("*", "last"):
        return
    months = range(1, 13) if fire.month == "*" else [int(month) for month in fire.month.split(",")]
    if min(int(day) for day in fire.day.split(",")) > max(_LONGEST_MONTHS[month - 1] for month in months):
        raise RuleError(
            t("Tanggal itu tidak pernah ada di bulan itu; jadwalnya tidak akan pernah tiba.",
              en="That month never has that day; the rule would never come.")
        )  # fmt: skip


def _too_often() -> RuleError:
    return RuleError(
        t("Paling sering sekali sejam: satu angka menit (0 sampai 59), dan jam yang berjarak sedikitnya satu jam.",
          en="At most once an hour: write one number for the minute (0 to 59), and times at least an hour apart.")
    )  # fmt: skip
