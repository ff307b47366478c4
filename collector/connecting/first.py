"""The first questions with a new sign-in, before it is sealed: nothing of it may be used up, and nothing stored.

A refresh token that serves once must not be spent on the look at who it is of; the short-lived key that came with it
is asked with instead. The account's other sign-ins, where it is here already, are renewed as always.
"""

from collector.collect.grants import grown_slot, prepare_grant, read_grant
from collector.collect.renewing import Renewer
from collector.collect.session import Session
from connectors.kit import GoogleJwt, Prolonged, Refreshed, Renewable, UnreachableError


class FirstRenewer(Renewer):
    """Gives the keys for the first questions."""

    fresh = ""
    """The key field of the new long-lived key."""
    lent = ""
    """The short-lived key that came with it."""

    def key(self, session: Session, way: Renewable) -> str:
        """Return a key that is alive: of a new sign-in the one that came with it, or one that costs nothing to have."""
        if grown_slot(way) != self.fresh:
            return super().key(session, way)
        match way:
            case Prolonged():
                return session.value(way.slot)
            case Refreshed():
                if not self.lent:
                    raise UnreachableError(f"{way.request.path}: the sign-in answer holds no key")
            case GoogleJwt():
                self.lent = self.lent or self._for_statement(session, way)
        self._redactor.know(self.lent)
        return self.lent

    def drop(self, account_id: int, slot: str, value: str) -> None:
        """Drop nothing: what is refused as soon as it is new is the answer that the person needs."""

    def _for_statement(self, session: Session, way: GoogleJwt) -> str:
        value, now = session.value(way.slot), self._clock.now()
        prepared = prepare_grant(session, way, value, self._settings, now, self._redactor)
        answer = self._http.send(session.connector.slug, prepared)
        return read_grant(session.connector, way, session.keep(way.request, answer, None)).key
