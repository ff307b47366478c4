"""What is asked of growth: which period against which, as of when."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from collector.growth.periods import Period


@dataclass(frozen=True, slots=True)
class Question:
    """A period, the earlier one that it is compared with, and the position: the moment the report speaks of.

    `opened` is the first day of the month in which the account was opened, `replaced` the day on which it took another
    account's place, where these are known.
    """

    period: Period
    against: Period
    position: datetime
    zone: ZoneInfo
    opened: date | None = None
    replaced: date | None = None

    @property
    def today(self) -> date:
        """The position's day in the office's zone."""
        return self.position.astimezone(self.zone).date()

    @property
    def is_new_account(self) -> bool:
        """Whether the account did not exist yet when the earlier period ended."""
        return self.opened is not None and self.opened > self.against.last

    @property
    def began(self) -> date | None:
        """When the account began: opened, or in another's place."""
        return self.opened or self.replaced

    @property
    def is_replaced(self) -> bool:
        """Whether another account stood in its place at the base."""
        return self.replaced is not None and self.replaced > self.against.last
