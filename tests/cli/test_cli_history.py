"""`collector history` and `collector metrics`: what is shown, narrowed to what was asked for."""

import csv
import io
from datetime import date, datetime

import pytest
from office import START, Office, own_settings

from collector.clock import SetClock

SHAPE = {
    "id": str, "office": str, "platform": str, "account": str, "metric": str, "kind": str, "dimension": str | None,
    "post": str | None, "value": int | str, "at": str, "precision": str, "origin": str, "source": str,
    "definition": int,
}  # fmt: skip
KINDS = {"level", "counter", "flow", "unique", "ratio"}


def entry(platform: str, account: str, metric: str, value: str, at: str, *more: str) -> tuple[str, ...]:
    """Return a `record` command."""
    return ("record", "--platform", platform, "--account", account, "--metric", metric, "--value", value, "--at", at,
            *more)  # fmt: skip


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with a handful of typed figures. Only look at it."""
    office = Office(own_settings(tmp_path_factory.mktemp("typed")), SetClock(START))
    for line in (
        entry("ig", "@kpu_contoh", "followers", "1240", "2026-06"),
        entry("ig", "@kpu_contoh", "followers", "1300", "2026-09-30"),
        entry("ig", "@kpu_contoh", "followers", "1350", "2026-12-28T14:24"),
        entry("fb", "KPU Contoh", "reach", "788", "2026-12-28", "--days", "28"),
        entry("fb", "KPU Contoh", "followers_change", "30,6", "2026-12-28", "--mark", "quoted"),
    ):
        office.run(*line)
    return office


def test_every_reading_has_the_promised_shape(collected: Office) -> None:
    """Scripts of other people read these names: they must not drift."""
    said = collected.run("history", "--json", "--platform", "facebook", "--since", "2026-12-20").json

    assert set(said) == {"readings", "gaps"}
    for one in said["readings"]:
        for name, kind in SHAPE.items():
            assert isinstance(one[name], kind), name
        assert one["kind"] in KINDS
        assert one["origin"] == "api"
        assert one["source"].startswith("GET graph/v26.0/")
    spans = {one["precision"] for one in said["readings"]}
    assert spans == {"instant", "day"}


def test_moments_are_of_the_office_and_days_of_the_platform(collected: Office) -> None:
    """A moment carries the office's offset; a platform's day is a plain date that is never shifted."""
    readings = collected.readings("--platform", "facebook", "--metric", "followers", "--since", "2027-01-01")

    moments = [one["at"] for one in readings if one["precision"] == "instant"]
    days = [one["at"] for one in readings if one["precision"] == "day" and one["dimension"] is None]
    assert [datetime.fromisoformat(at).isoformat()[:16] for at in moments] == ["2027-01-05T10:00", "2027-01-06T10:00"]
    assert all(at.endswith("+07:00") for at in moments)
    assert days == ["2027-01-01", "2027-01-02", "2027-01-03"]


def test_gaps_have_the_promised_shape(collected: Office) -> None:
    """What is missing is said beside what is there."""
    gaps = collected.run("history", "--json", "--platform", "youtube").json["gaps"]

    assert gaps
    for one in gaps:
        assert {"office", "platform", "account", "metric", "from", "to", "reason", "message"} <= set(one)
        assert (one["reason"], one["message"]) == ("hidden", "disembunyikan pemilik akun")
        assert one["post"]
        assert datetime.fromisoformat(one["from"]).utcoffset() is not None


def test_gaps_are_narrowed_to_the_days_asked_for(collected: Office) -> None:
    """A gap of last week is no answer to a question about this one."""
    asked = ("history", "--json", "--platform", "youtube")

    assert collected.run(*asked, "--until", "2027-01-04").json["gaps"] == []
    assert collected.run(*asked, "--since", "2027-01-07").json["gaps"] == []
    both = collected.run(*asked, "--since", "2027-01-05", "--until", "2027-01-06").json["gaps"]
    assert {one["from"][:10] for one in both} == {"2027-01-05", "2027-01-06"}
    assert {one["from"][:10] for one in collected.run(*asked, "--since", "2027-01-06").json["gaps"]} == {"2027-01-06"}


def test_days_and_months_bound_what_is_shown_both_included(typed: Office) -> None:
    """A month as an end means its last day: "up to June" holds June."""

    def shown(*words: str) -> list[int | str]:
        return [one["value"] for one in typed.readings("--platform", "instagram", *words)]

    assert shown() == [1240, 1300, 1350]
    assert shown("--since", "2026-06-30") == [1240, 1300, 1350]
    assert shown("--since", "2026-07") == [1300, 1350]
    assert shown("--until", "2026-06") == [1240]
    assert shown("--until", "2026-09-29") == [1240]
    assert shown("--until", "2026-09") == shown("--until", "2026-09-30") == [1240, 1300]
    assert shown("--since", "2026-S2", "--until", "2026-Q4") == [1300, 1350]
    assert shown("--since", "2026-12-28", "--until", "2026-12-28") == [1350]


@pytest.mark.parametrize("spelling", ["kpu_contoh", "@KPU_Contoh", " kpu _contoh "])
def test_an_account_is_found_in_any_spelling(typed: Office, spelling: str) -> None:
    """People write handles with and without @, in any case."""
    assert len(typed.readings("--account", spelling)) == 3


def test_metrics_and_platforms_narrow_the_history(typed: Office) -> None:
    """`reach` must not bring `reach_change` along, nor Twitter X's neighbours."""
    assert [one["metric"] for one in typed.readings("--metric", "reach")] == ["reach"]
    assert {one["platform"] for one in typed.readings("--platform", "Facebook")} == {"facebook"}
    assert typed.readings("--platform", "instagram", "--metric", "reach") == []


def test_the_table_is_for_people(typed: Office) -> None:
    """Aligned columns, times to the minute, windows and intervals said, numbers to the right."""
    lines = typed.run("history").out.splitlines()

    assert lines[0].split() == ["Platform", "Akun", "Metrik", "Per", "Nilai", "Asal", "Kode"]
    assert set(lines[1].replace(" ", "")) == {"-"}
    assert "reach 28d" in lines[3]
    assert "2026-12-28 14:24" in lines[-1]
    value_ends = {
        line.index(value) + len(value) for line, value in zip(lines[4:], ("1240", "1300", "1350"), strict=True)
    }
    assert len(value_ends) == 1


def test_csv_holds_the_same_as_json(typed: Office) -> None:
    """Spreadsheets read CSV; a figure must not differ by format."""
    rows = list(csv.DictReader(io.StringIO(typed.run("history", "--format", "csv").out)))
    readings = typed.readings()

    assert [row["id"] for row in rows] == [one["id"] for one in readings]
    for row, one in zip(rows, readings, strict=True):
        assert {name: row[name] for name in ("value", "at", "kind", "measure")} == {
            name: str(one[name]) for name in ("value", "at", "kind", "measure")
        }
        assert row["dimension"] == ""
    assert typed.run("history", "--format", "json").out == typed.run("history", "--json").out


def test_nothing_found_is_said_and_is_no_fault(typed: Office) -> None:
    """An empty table alone would look like a fault of the program."""
    said = typed.run("history", "--since", "2027-01-05")

    assert (said.out, said.err) == ("", "Belum ada angka yang cocok.\n")
    assert typed.run("history", "--since", "2027-01-05", "--json").json == {"readings": [], "gaps": []}
    assert typed.run("history", "--since", "2027-01-05", "--format", "csv").out.startswith("id,office,platform,")


@pytest.mark.parametrize(
    "words, says",
    [
        (("--platform", "instgram"), "Platform instgram tidak dikenal. Mungkin instagram?"),
        (
            ("--platform", "zzz"),
            "Platform zzz tidak dikenal. Yang ada: facebook, instagram, tiktok, website, x, youtube.",
        ),
        (("--metric", "Folowers"), "Metrik Folowers tidak dikenal. Mungkin followers?"),
        (("--account", "@kpu_conto"), "Akun @kpu_conto tidak ada. Mungkin kpu_contoh?"),
        (("--account", "qqq"), "Akun qqq tidak ada. Lihat: collector accounts list."),
        (("--since", "kemarin"), "Periode kemarin tidak dikenal. Tulis misalnya 2026-S2, "),
        (("--until", "2026-13"), "Periode 2026-13 tidak dikenal."),
        (("--until", "2026-02-30"), "Periode 2026-02-30 tidak dikenal."),
        (("--office", "lain"), "Kantor lain tidak ada. Yang ada: default."),
    ],
)
def test_a_wrong_word_is_one_sentence_with_the_nearest_guess(typed: Office, words: tuple[str, str], says: str) -> None:
    """Most faults are slips of the hand: the right word stands in the message."""
    said = typed.run("history", *words, status=2)

    assert says in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize("period", ["2026-S3", "2026-07-01..2026-06-01", "0000", "9999"])
def test_a_wrong_period_is_refused_before_anything_is_asked(bare: Office, period: str) -> None:
    """`collect now --period` would else ask the platforms for nonsense."""
    said = bare.run("collect", "now", "--period", period, status=2)

    assert f"Periode {period} tidak dikenal." in said.err
    assert bare.counts()["runs"] == 0


def test_a_zone_that_is_set_later_does_not_move_typed_months(bare: Office) -> None:
    """An office in Makassar imports first and runs `init` afterwards: its June must stay June."""
    for at in ("2026-06", "2026-06-30"):
        bare.run(*entry("ig", "a", "followers", "5", at))

    bare.run("init", "--zone", "WIT")

    assert [one["at"] for one in bare.readings()] == ["2026-06", "2026-06-30"]
    assert len(bare.readings("--until", "2026-06")) == 2


def test_figures_of_today_are_not_of_the_future(bare: Office) -> None:
    """A figure typed for today, or for this month, sorts before what is typed later the same day."""
    bare.run(*entry("ig", "a", "followers", "1", "2027-01"))
    bare.run(*entry("ig", "a", "followers", "2", "2027-01-05"))
    bare.clock.sleep(3600)
    bare.run(*entry("ig", "a", "followers", "3", "2027-01-05T11:00"))

    assert [one["value"] for one in bare.readings()] == [1, 2, 3]


def test_every_metric_is_listed_with_what_it_means(bare: Office) -> None:
    """Nobody can read a figure whose definition is not said, nor type one without its name."""
    rows = bare.run("metrics", "--json").json["metrics"]

    assert {row["platform"] for row in rows} == {"facebook", "instagram", "tiktok", "website", "x", "youtube"}
    for row in rows:
        counted, subject, span = row["measure"].split(":")
        assert (counted.partition("@")[0], span) == (row["metric"], row["span"])
        assert subject in ("account", "post", "audience")
        assert row["kind"] in KINDS
        assert row["label"]
        assert row["definitions"]
        assert all(one["text"] for one in row["definitions"])
        assert [one["since"] for one in row["definitions"] if one["since"]] == sorted(
            one["since"] for one in row["definitions"] if one["since"]
        )
    views = [row for row in rows if row["platform"] == "youtube" and row["measure"] == "views:account:day"]
    assert date.fromisoformat(views[0]["definitions"][-1]["since"]) == date(2026, 8, 24)
    assert {row["collected"] for row in rows if row["metric"] == "followers_share"} == {False}


def test_metrics_of_one_platform_are_a_table(bare: Office) -> None:
    """Staff look up what they may type for one platform."""
    lines = bare.run("metrics", "--platform", "twitter").out.splitlines()

    assert lines[0].split() == ["Platform", "Metrik", "Sebutan", "Tentang", "Rentang", "Jenis"]
    assert {line.split()[0] for line in lines[2:]} == {"x"}
    assert any(line.split()[:2] == ["x", "followers"] and "pengikut" in line for line in lines)
