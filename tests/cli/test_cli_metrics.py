"""`collector metrics`: the dictionary of every figure, for people and for programs, in both languages."""

from dataclasses import replace
from datetime import date

import pytest
from office import Office

from collector import language
from collector.platforms import get_connector, list_connectors
from connectors.kit import Kind, Measure, Subject, metrics, since

BREAK = date(2026, 8, 24)
SHOWN = Measure(
    metrics.VIEWS, Subject.ACCOUNT, metrics.DAY, Kind.FLOW,
    (since(None, "Tayangan sehari, cara lama", "Views of a day, the old way"),
     since(BREAK, "Tayangan sehari, sejak bingkai pertama", "Views of a day, from the first frame")),
    floor=100, reach_back=60, by="penghitung",
)  # fmt: skip


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one platform have a measure with everything that a measure can say, and a typed one."""
    typed = replace(metrics.QUOTED_MEASURES[0], by="")
    now = Measure(metrics.FOLLOWERS, Subject.ACCOUNT, metrics.NOW, Kind.LEVEL, (since(None, "jumlah", "number"),))
    monkeypatch.setattr(type(get_connector("tiktok")), "measures", (SHOWN, now))
    monkeypatch.setattr(type(get_connector("tiktok")), "typed_measures", (typed,))


def test_every_measure_of_every_platform_is_in_the_dictionary(bare: Office) -> None:
    """Nobody can read a figure whose definition is not said, nor type one without its name."""
    rows = bare.run("metrics", "--json").json["metrics"]

    every = [
        (connector.slug, measure.key)
        for connector in list_connectors()
        for measure in (*connector.measures, *connector.typed_measures)
    ]
    assert [(row["platform"], row["measure"]) for row in rows] == every
    for row in rows:
        assert row["kind"] in {str(kind) for kind in Kind}
        for words in (row["labels"], row["units"], row["kinds"], row["subjects"], row["spans"]):
            assert all(words[tongue] for tongue in ("id", "en"))
        assert row["label"] == row["labels"]["id"]
        assert row["unit"] == row["units"]["en"]
        assert row["definitions"]
        for one in row["definitions"]:
            assert one["text"] == one["texts"]["id"]
            assert one["texts"]["en"]
        dated = [one["since"] for one in row["definitions"] if one["since"]]
        assert dated == sorted(dated)
        assert row["breaks"] == [one["since"] for one in row["definitions"][1:]]
    assert {row["collected"] for row in rows if row["metric"] == "followers_share"} == {False}


def test_a_units_indonesian_word_is_known(bare: Office) -> None:
    """A new metric with a unit of its own gets its word in the dictionary, or staff would read English."""
    rows = bare.run("metrics", "--json").json["metrics"]

    same = {row["unit"] for row in rows if row["units"]["id"] == row["units"]["en"]}
    assert same <= {"video"}, f"collector/figures/dictionary.py has no Indonesian word for {same}"


@pytest.mark.usefixtures("shown")
def test_programs_are_told_everything_of_a_measure(bare: Office) -> None:
    """Breaks, floor, how far back, by whom it was counted: what a report's footnote is made of."""
    row, moment, typed = bare.run("metrics", "--platform", "tiktok", "--json").json["metrics"]

    assert row == {
        "platform": "tiktok", "metric": "views", "measure": "views@penghitung:account:day",
        "label": "tayangan (views)", "labels": {"id": "tayangan (views)", "en": "views"},
        "subject": "account", "subjects": {"id": "akun", "en": "the account"},
        "span": "day", "spans": {"id": "satu hari", "en": "a day"},
        "kind": "flow",
        "kinds": {"id": "jumlah dalam rentangnya; boleh dijumlahkan", "en": "an amount of its span; may be summed"},
        "unit": "view", "units": {"id": "kali tayang", "en": "view"}, "places": 0, "by": "penghitung",
        "collected": True, "reach_back": 60, "floor": 100, "breaks": ["2026-08-24"],
        "definitions": [
            {"since": None, "text": "Tayangan sehari, cara lama",
             "texts": {"id": "Tayangan sehari, cara lama", "en": "Views of a day, the old way"}},
            {"since": "2026-08-24", "text": "Tayangan sehari, sejak bingkai pertama",
             "texts": {"id": "Tayangan sehari, sejak bingkai pertama", "en": "Views of a day, from the first frame"}},
        ],
    }  # fmt: skip
    assert (moment["reach_back"], moment["floor"], moment["by"], moment["breaks"]) == (None, None, None, [])
    assert (typed["collected"], typed["places"]) == (False, 1)


@pytest.mark.usefixtures("shown")
def test_people_read_a_paragraph_for_each_measure(bare: Office) -> None:
    """Staff look up what a figure means and what they may type, with the other language beside it."""
    first, moment, typed = bare.run("metrics", "--platform", "tiktok").out.strip().split("\n\n")
    head, _, *views = first.splitlines()

    assert head == "TikTok (tiktok)"
    assert views == [
        "views  tayangan (views) / views",
        "  sebutan     views@penghitung:account:day",
        "  tentang     akun; satu hari",
        "  jenis       flow: jumlah dalam rentangnya; boleh dijumlahkan",
        "  satuan      kali tayang / view",
        "  asal        dikumpulkan dari platform; dihitung oleh penghitung",
        "  mundur      60 hari ke belakang",
        "  syarat      sedikitnya 100",
        "  arti        Tayangan sehari, cara lama",
        "  (en)        Views of a day, the old way",
        "  2026-08-24  arti berubah; tidak dibandingkan melewatinya",
        "  arti        Tayangan sehari, sejak bingkai pertama",
        "  (en)        Views of a day, from the first frame",
    ]
    assert "  mundur      hanya saat diambil; yang terlewat tidak dapat diminta" in moment.splitlines()
    assert "  asal        hanya diisi manual" in typed.splitlines()
    assert "mundur" not in typed


@pytest.mark.usefixtures("shown")
def test_ones_own_language_stands_first(bare: Office) -> None:
    """The colleague who reads English gets the same paragraph, the Indonesian words second."""
    language.use("en")
    lines = bare.run("metrics", "--platform", "tiktok").out.splitlines()

    assert lines[2] == "views  views / tayangan (views)"
    assert "  reaches     60 days back" in lines
    assert "  floor       at least 100" in lines
    assert lines.index("  meaning     Views of a day, the old way") + 1 == lines.index(
        "  (id)        Tayangan sehari, cara lama"
    )
    row = bare.run("metrics", "--platform", "tiktok", "--json").json["metrics"][0]
    assert (row["label"], row["definitions"][0]["text"]) == ("views", "Views of a day, the old way")
