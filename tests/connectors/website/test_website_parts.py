"""Which rows of a list are a page, a country or a city, and which are left out."""

import pytest

from connectors.website.parts import about_of


@pytest.mark.parametrize(
    ("part", "label", "about"),
    [
        ("page", "/", "page:/"),
        ("page", "/blog/read/7_tahapan-pemilihan/", "page:/blog/read/7_tahapan-pemilihan/"),
        ("page", "/arsip/20261120/", "page:/arsip/20261120/"),
        ("country", "ID", "country:ID"),
        ("country", "id", "country:ID"),
        ("city", " Pontianak ", "city:Pontianak"),
        ("city", "Nanga Pinoh, Kalimantan Barat, Indonesia", "city:Nanga Pinoh, Kalimantan Barat, Indonesia"),
        ("city", "北京市", "city:北京市"),
        ("city", "Kota: Lama", "city:Kota: Lama"),
    ],
)
def test_a_plain_row_is_what_it_says(part, label, about):
    """The dimension is the service's own word, its country code in one spelling."""
    assert about_of(part, label) == about


@pytest.mark.parametrize(
    "path",
    [
        "/cari?q=Budi+Santoso", "/?fbclid=IwAR0x", "/halaman#budi", "/masuk;jsessionid=8A1F", "/budi@kantor.example",
        "/budi%40kantor.example", "/cek-nik/6171010101010001", "/wa/081234567890", "(other)", "Others", "",
        "Page URL not defined", f"/{'x' * 200}",
    ],
)  # fmt: skip
def test_an_address_that_may_name_a_person_is_no_page(path):
    """Search words, sign-ins, addresses and identity numbers of visitors are not the office's business."""
    assert about_of("page", path) is None


@pytest.mark.parametrize(
    ("part", "label"),
    [
        ("country", "(not set)"), ("country", "xx"), ("country", "Indonesia"), ("country", ""), ("country", "(other)"),
        ("city", "(not set)"), ("city", "Unknown"), ("city", "(other)"), ("city", "Others"), ("city", " "),
    ],
)  # fmt: skip
def test_what_could_not_be_told_is_no_place(part, label):
    """The unknown and the rest would stand at the head of the list."""
    assert about_of(part, label) is None
