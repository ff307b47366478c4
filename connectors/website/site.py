"""The site itself: whether its address answers, and with which status. Any answer is a fact, none is a fault."""

from urllib.parse import parse_qsl, urlsplit

from connectors.kit import Account, Request


def site_request(account: Account) -> Request:
    """Return the look at the site's address; its origin is the host's, from the same key field."""
    parts = urlsplit(url_of(account))
    return Request("site", parts.path or "/", dict(parse_qsl(parts.query, keep_blank_values=True)))


def url_of(account: Account) -> str:
    """Return the site's address as it was filled in."""
    return account.settings.get("url", account.handle).strip()


def plain_name(url: str) -> str:
    """Return what two spellings of one site's address have in common: host name and path in lower case.

    The scheme, "www.", a port and a trailing slash make no other site.
    """
    spelled = "".join(url.split()).casefold()
    host, slash, path = (spelled.partition("://")[2] or spelled).partition("/")
    return f"{host.removeprefix('www.').partition(':')[0]}{slash}{path}".rstrip("/")
