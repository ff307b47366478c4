"""An office that has its Meta app and no account yet."""

import pytest
from office import Office, only

from collector.clock import SetClock

_ACCOUNTS = {
    "FACEBOOK_PAGE_ID", "FACEBOOK_ACCESS_TOKEN", "INSTAGRAM_USER_ID", "INSTAGRAM_ACCESS_TOKEN", "INSTAGRAM_LOGIN",
}  # fmt: skip


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """Return the settings of the office's apps and the addresses of the stand-in."""
    kept = only(environment, "facebook", "instagram")
    return {name: value for name, value in kept.items() if name not in _ACCOUNTS}


@pytest.fixture
def office(environment: dict[str, str], clock: SetClock) -> Office:
    """The office at its command line."""
    return Office(environment, clock)
