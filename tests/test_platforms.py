"""Discovery: a platform is there because its module is, under whatever name people call it."""

import pytest

from collector.platforms import find_connector, find_measure, get_connector, list_connectors


def test_the_platforms_are_found_in_the_order_of_their_names() -> None:
    """No list names them: a module with a connector is enough."""
    assert [connector.slug for connector in list_connectors()] == [
        "facebook", "instagram", "tiktok", "website", "x", "youtube",
    ]  # fmt: skip


def test_a_platform_is_found_by_everything_it_is_called() -> None:
    """On the command line and in tables, in any case and with spaces around."""
    for connector in list_connectors():
        for word in (connector.slug, connector.name, *connector.aliases):
            for spelled in (word, word.upper(), f"  {word.title()} "):
                assert find_connector(spelled) is connector


@pytest.mark.parametrize(("word", "slug"), [("twitter", "x"), ("IG", "instagram"), ("laman", "website")])
def test_a_platform_is_found_by_its_old_and_its_indonesian_names(word: str, slug: str) -> None:
    """Reports of 2022 say Twitter."""
    connector = find_connector(word)
    assert connector is not None
    assert connector.slug == slug


@pytest.mark.parametrize("word", ["", "face", "kit", "samples", "x y", "facebook2"])
def test_no_other_word_is_a_platform(word: str) -> None:
    """Half a name is not guessed at."""
    assert find_connector(word) is None


def test_a_platform_that_is_not_installed_is_a_lookup_error() -> None:
    """Its accounts may still be in the store, from another version."""
    with pytest.raises(LookupError, match="friendster"):
        get_connector("friendster")


def test_no_word_means_two_platforms() -> None:
    """Otherwise the order of modules would decide whose figures they are."""
    words = [
        word
        for connector in list_connectors()
        for word in {connector.slug, connector.name.casefold(), *(alias.casefold() for alias in connector.aliases)}
    ]
    assert len(words) == len(set(words))
    assert all(alias == alias.casefold() for connector in list_connectors() for alias in connector.aliases)


def test_every_measure_is_found_by_its_platform_and_key() -> None:
    """The store knows a figure by these two words only."""
    for connector in list_connectors():
        for measure in connector.measures:
            assert find_measure(connector.slug, measure.key) is measure
    assert find_measure("friendster", "followers:account:now") is None
    assert find_measure("x", "followers:account:99d") is None
