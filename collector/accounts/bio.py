"""Whether the bios of an office's accounts name its own site: the link that is forgotten when a domain changes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from collector.platforms import get_connector
from collector.store.records import StoredAccount


def host_of(address: str) -> str:
    """Return the host of an address, without what makes no other site: scheme, "www.", port, path and case."""
    spelled = "".join(address.split()).casefold()
    host = (spelled.partition("://")[2] or spelled).partition("/")[0].partition("?")[0].partition("#")[0]
    return host.partition(":")[0].rstrip(".").removeprefix("www.")


def find_sites(accounts: Iterable[StoredAccount]) -> Mapping[int, frozenset[str]]:
    """Return the hosts of each office's own sites, by the office's id."""
    sites: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for account in accounts:
        host = host_of(account.handle)
        if _is_site(account) and "." in host:
            sites[account.office.id] |= {host}
    return sites


def names_site(account: StoredAccount, bio_link: str | None, sites: Collection[str]) -> bool | None:
    """Whether a bio's link leads to one of the office's sites; None where there is nothing to compare."""
    if bio_link is None or not sites or _is_site(account):
        return None
    return host_of(bio_link) in sites


def _is_site(account: StoredAccount) -> bool:
    try:
        return get_connector(account.platform).is_site
    except LookupError:  # a platform that this version does not have
        return False
