"""Connecting by a code that is typed on any other device (RFC 8628): for a server that no browser comes back to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from collector.connecting import refusals
from collector.connecting.connection import Connection
from collector.connecting.reading import read_fault, word_of
from collector.connecting.trade import unframe
from connectors.kit import Device, Trade

_USUAL_INTERVAL, _SLOWER = 5, 5  # seconds, where the platform names none; and by how much "slow down" is meant
_USUAL_LIFE, _LONGEST_LIFE = 1800, 86_400
_WAITING = ("authorization_pending", "slow_down")


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """The code that the person types, where, and until when. `secret` is what is polled with."""

    code: str
    address: str
    until: datetime
    interval: int
    secret: str

    def __repr__(self) -> str:
        return f"DeviceCode({self.code!r}, {self.address!r})"


def ask_code(connection: Connection) -> DeviceCode:
    """Ask the platform for a code. Raises ConnectingError."""
    way = connection.way
    assert isinstance(way, Device)
    scope = way.separator.join(one.name for one in way.permissions)
    exchange = connection.ask(Trade(way.request, {}), {"scope": scope})
    fault = read_fault(connection.connector, exchange, "", is_first=False)
    if fault is not None:
        raise fault
    told = unframe(exchange.json(), "")
    # One platform's name for the address is not the standard's (youtube.md §1b).
    address = told.get("verification_uri") or told.get("verification_url")
    code, secret = told.get("user_code"), told.get("device_code")
    if not (isinstance(address, str) and isinstance(code, str) and isinstance(secret, str)):
        raise refusals.no_key(connection.connector.name)
    life = min(_seconds(told.get("expires_in"), _USUAL_LIFE), _LONGEST_LIFE)
    until = connection.shop.clock.now() + timedelta(seconds=life)
    return DeviceCode(code, address, until, _seconds(told.get("interval"), _USUAL_INTERVAL), secret)


def wait_for_person(connection: Connection, code: DeviceCode) -> None:
    """Ask again and again until the person has allowed it. Raises ConnectingError where they refuse, or never come."""
    way, clock, interval = connection.way, connection.shop.clock, code.interval
    assert isinstance(way, Device)
    while clock.now() < code.until:
        clock.sleep(interval)
        exchange = connection.ask(way.trades[0], {"device_code": code.secret})
        word = word_of(exchange.json())
        if word in _WAITING:
            interval += _SLOWER if word == "slow_down" else 0
            continue
        if word in ("expired_token", "invalid_grant"):  # the second is said for it as well (youtube.md §1b)
            raise refusals.device_expired()
        fault = read_fault(connection.connector, exchange, "", is_first=False)
        if fault is not None:
            raise fault
        connection.gains.take(way.trades[0], exchange.json())
        for trade in way.trades[1:]:
            connection.trade(trade, {}, is_first=False)
        return
    raise refusals.device_expired()


def _seconds(said: object, usual: int) -> int:
    return said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else usual
