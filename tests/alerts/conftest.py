"""An office with one connected account, a webhook and a mail server, and a first word of the week that is over."""

from collections.abc import Iterator

import pytest
from office import only
from receivers import MailServer, Webhook, load_apprise

from collector.accounts.environment import list_configured
from collector.settings import ALERTS
from collector.store.records import StoredAccount
from collector.wiring import Application


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    """Serve a webhook."""
    with Webhook() as server:
        yield server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """Serve a mailbox."""
    with MailServer() as server:
        yield server


@pytest.fixture
def environment(environment: dict[str, str], webhook: Webhook) -> dict[str, str]:
    """Return the environment of an office with one platform, whose alerts go to the webhook."""
    return {**only(environment, "x"), ALERTS: webhook.address()}


@pytest.fixture
def account(application: Application) -> StoredAccount:
    """Return the office's account."""
    (found,) = list_configured(application.settings, application.accounts, None)
    assert isinstance(found, StoredAccount)
    return found


@pytest.fixture(scope="session", autouse=True)
def _load_apprise() -> None:
    """Load apprise before the first test: its warnings would end one."""
    load_apprise()
