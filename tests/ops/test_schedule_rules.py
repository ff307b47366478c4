"""The rules of the schedule as people write them."""

import pytest

from collector import language
from collector.errors import RuleError
from collector.ops.rules import parse_rule, spread_over_the_day

WRITTEN = [
    ("daily 02:30", "daily 02:30", "harian 02:30"),
    ("HARIAN 2.30", "daily 02:30", "harian 02:30"),
    ("harian 14:30, 02:30", "daily 02:30,14:30", "harian 02:30,14:30"),
    ("weekly mon 03:00", "weekly mon 03:00", "mingguan senin 03:00"),
    ("mingguan Jum'at,senin 03:00", "weekly mon,fri 03:00", "mingguan senin,jumat 03:00"),
    ("mingguan minggu 23:59", "weekly sun 23:59", "mingguan minggu 23:59"),
    ("weekly sat-mon 03:00 15:00", "weekly mon,sat,sun 03:00,15:00", "mingguan senin,sabtu,minggu 03:00,15:00"),
    ('cron "30 2 * * mon-wed"', "cron 30 2 * * mon,tue,wed", 'cron "30 2 * * senin,selasa,rabu"'),
    ("cron 5 */6 * * *", "cron 5 */6 * * *", 'cron "5 */6 * * *"'),
    ("cron 0 3 akhir 6,12 *", "cron 0 3 last 6,12 *", 'cron "0 3 akhir 6,12 *"'),
]


@pytest.mark.parametrize(("written", "text", "said"), WRITTEN)
def test_a_rule_is_read_in_both_languages_and_said_so_that_it_can_be_typed_again(
    written: str, text: str, said: str
) -> None:
    """What is shown is what staff copy: it must mean the same when it comes back."""
    rule = parse_rule(written)

    assert (rule.text, str(rule)) == (text, said)
    assert parse_rule(str(rule)) == parse_rule(rule.text) == rule
    language.use("en")
    assert parse_rule(str(rule)) == rule


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "tidak dikenal"),
        ("tiap malam", "harian 02:30"),
        ("daily", "Jamnya belum ada"),
        ("daily 24:00", "“24:00” belum benar"),
        ("daily 2", "“2” belum benar"),
        ("daily ²:30", "belum benar"),
        ("daily 02:30,03:10", "sekali sejam"),
        ("daily 00:10,23:50", "sekali sejam"),
        ("weekly 03:00", "Harinya belum ada"),
        ("weekly mon", "Jamnya belum ada"),
        ("weekly 1 03:00", "“1” belum benar"),
        ("mingguan senen 03:00", "“senen” belum benar"),
        ("cron 0 3 * * 1", "bukan angka"),
        ("cron 0 3 * * mon-5", "bukan angka"),
        ("cron 0 3 * * mon-tue-wed", "belum benar"),
        ("cron 0 3 * *", "lima bagian"),
        ("cron 0 3 * * * *", "lima bagian"),
        ("cron */5 * * * *", "sekali sejam"),
        ("cron 0,30 2 * * *", "sekali sejam"),
        ("cron 60 2 * * *", "sekali sejam"),
        ("cron 0 24 * * *", "angka 0 sampai 23"),
        ("cron 0 3-1 * * *", "“3-1” belum benar"),
        ("cron 0 */0 * * *", "“*/0” belum benar"),
        ("cron 0 2 0 * *", "angka 1 sampai 31"),
        ("cron 0 2 * jan *", "angka 1 sampai 12"),
        ("cron 0 2 1 * mon", "jangan keduanya"),
        ("cron 0 2 30 2 *", "tidak akan pernah tiba"),
        ("cron 0 2 31 4,6 *", "tidak akan pernah tiba"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(written: str, sentence: str) -> None:
    """A weekday's number means Tuesday here and Monday there: the collection would be a day late, unseen."""
    with pytest.raises(RuleError) as refused:
        parse_rule(written)

    assert sentence in str(refused.value)
    assert refused.value.exit_status == 2


def test_several_collections_a_day_are_evenly_apart() -> None:
    """What lives for a day is seen twice, once near its end."""
    assert spread_over_the_day(1, 2, 30).text == "daily 02:30"
    assert spread_over_the_day(2, 2, 30).text == "daily 02:30,14:30"
    assert spread_over_the_day(4, 20, 0).text == "daily 02:00,08:00,14:00,20:00"
