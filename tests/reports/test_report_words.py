"""What is said of growth, in both languages: the sentences of the growth rules."""

import sys
from pathlib import Path

import pytest

from collector import language
from collector.growth.differ import compare
from collector.reports.words import difference_cell, percent_cell, word
from connectors.kit import Kind, Measure, Subject, metrics, since

sys.path.insert(0, str(Path(__file__).parents[1] / "growth"))
from growth_tables import answered, ask, at, change_of, daily, days_of, line

S2 = ask("2022-S2")
BOTH = days_of("2022-01-01", "2022-12-31")


def said(rows, noun="pengikut", question=S2, **more):
    return word(change_of(line(rows, **more), question), noun, began=question.began).sentence


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("2022-06-30 1240\n2022-12-28T14:24 1619",
         "1.619 pengikut per 28 Desember 2022, naik 379 (30,6%) dari 1.240 per 30 Juni 2022"),
        ("2022-06-09 1240\n2022-12-28 1619",
         "1.619 pengikut per 28 Desember 2022, naik 379 (30,6%) dari 1.240 per 9 Juni 2022"),
        ("2022-06 1652..1653 derived\n2022-12-28 1689",
         "1.689 pengikut per 28 Desember 2022, naik 36–37 (2,2%; data dasar dihitung balik dari laporan) "
         "dari 1.652–1.653 (Juni 2022, tanggal tidak tercantum)"),
        ("2022-06-30 31\n2022-12-28 32",
         "32 pengikut per 28 Desember 2022, bertambah 1 (3,2%; basis kecil) dari 31 per 30 Juni 2022"),
        ("2022-12-28 129 typed", "129 pengikut per 28 Desember 2022, belum ada data pembanding (diisi manual)"),
        ("2022-06-30 1230..1239\n2022-12-31 1310..1319",
         "1.310–1.319 pengikut per 31 Desember 2022, naik 71–89 (sekitar 6,5%) dari 1.230–1.239 per 30 Juni 2022"),
        ("2022-06-30 1072\n2022-12-31 1060",
         "1.060 pengikut per 31 Desember 2022, turun 12 (1,1%) dari 1.072 per 30 Juni 2022"),
        ("2022-06-30 1072\n2022-12-31 1072",
         "1.072 pengikut per 31 Desember 2022, tetap dari 1.072 per 30 Juni 2022"),
        ("2022-06-30 9000\n2022-12-31 9001",
         "9.001 pengikut per 31 Desember 2022, naik 1 (<0,1%) dari 9.000 per 30 Juni 2022"),
        ("2022-06-30 0\n2022-12-31 12", "12 pengikut per 31 Desember 2022, dari 0 menjadi 12"),
        ("2022-08-14 1409\n2022-12-28 1619",
         "1.619 pengikut per 28 Desember 2022, naik 210 sejak pencatatan pertama pada 14 Agustus 2022"),
        ("2022-06-29 1240", "tidak ada pencatatan dalam periode; terakhir 1.240 per 29 Juni 2022"),
        ("", "tidak ada pencatatan dalam periode"),
        ("2022-06-30 1240\n2022-08-03 1300",
         "1.300 pengikut sampai 3 Agustus 2022, naik 60 dari 1.240 per 30 Juni 2022"),
    ],
)  # fmt: skip
def test_a_level_in_indonesian(rows, sentence):
    """Word for word: these sentences go into a signed report."""
    assert said(rows) == sentence


def test_a_new_account_and_a_hidden_count():
    """What cannot be compared is said to be so."""
    new = ask("2022-S2", opened=at("2022-10").date().replace(day=1))

    assert said("2022-12-28 129", question=new) == (
        "akun baru (dibuat Oktober 2022), 129 pengikut per 28 Desember 2022"
    )
    assert said("2022-06-30 40", "subscriber", hidden=(at("2022-12-20T10:00"),)) == (
        "jumlah subscriber disembunyikan pemilik akun"
    )


def test_a_changed_meaning_names_its_day():
    """The reader may look it up."""
    measure = Measure(metrics.REACH, Subject.ACCOUNT, "28d", Kind.UNIQUE, (
        since(None, "jangkauan", "reach"), since(at("2022-06-15").date(), "pemirsa", "viewers")))  # fmt: skip
    change = change_of(line("2022-05-31 611 v1\n2022-06-28 788 v2", span="28d", kind=Kind.UNIQUE),
                       ask("2022-06", position="2022-06-28"))  # fmt: skip

    assert word(change, "pemirsa", measure).sentence == (
        "788 pemirsa dalam 28 hari (1–28 Juni 2022), "
        "tidak dapat dibandingkan: definisi diubah platform pada 15 Juni 2022"
    )


def test_a_flow_prints_its_days():
    """A sum without its days is no figure; a mean speaks where they differ."""
    whole = change_of(daily({day: 70 if day.month < 7 else 80 for day in BOTH}), S2)
    part = change_of(daily(dict.fromkeys(BOTH[:300], 70)), S2)
    equal = change_of(daily(dict.fromkeys(BOTH[:-3], 70), answered=(answered("2022-01-01", "2022-06-30"),)), S2)

    assert word(whole, "tayangan (views)").sentence == (
        "14.720 tayangan (views) (184 dari 184 hari), rata-rata per hari naik 14,3% dari periode sebelumnya "
        "(12.670; 181 dari 181 hari)"
    )
    assert word(part, "tayangan (views)").sentence == (
        "8.330 tayangan (views) (sebagian: 119 dari 184 hari), "
        "tidak dibandingkan: hari terekam belum cukup (181 dari 181 hari sebelumnya)"
    )
    assert word(equal, "tayangan (views)").sentence == (
        "12.670 tayangan (views) (181 dari 184 hari), tetap dari 12.670 (1 Januari–30 Juni 2022)"
    )


def test_the_second_language():
    """English for those who do not read Indonesian."""
    language.use("en")

    assert said("2022-06-30 1240\n2022-12-28 1619", "followers") == (
        "1,619 followers on 28 December 2022, up 379 (30.6%) from 1,240 on 30 June 2022"
    )


@pytest.mark.parametrize(
    ("rows", "difference", "percent"),
    [
        ("2022-06-30 1240\n2022-12-28 1619", "+379", "+30,6%"),
        ("2022-06-30 1072\n2022-12-31 1060", "−12", "−1,1%"),
        ("2022-06-30 1072\n2022-12-31 1072", "0", "0,0%"),
        ("2022-12-28 129", "–", "–"),
        ("2022-06-30 1230..1239\n2022-12-31 1310..1319", "+71–89", "sekitar +6,5%"),
    ],
)
def test_cells_of_a_table(rows, difference, percent):
    """Signs stand in tables; a dash is no nought."""
    change = change_of(line(rows), S2)

    assert (difference_cell(change), percent_cell(change)) == (difference, percent)


def test_nothing_is_said_of_quoted_ratios():
    """They are quoted elsewhere, with their source."""
    assert compare([line("2022-12-28 29", kind=Kind.RATIO)], S2) == ()
