"""Days as the Netherlands count them. Moments are kept and told in UTC; which day it is follows the clock in Amsterdam.

At half past twelve at night of 1 January a partner may deliver the quarter that has just ended.
"""

from datetime import date, datetime
from datetime import time as clock
from zoneinfo import ZoneInfo

from django.utils import timezone

ZONE = ZoneInfo("Europe/Amsterdam")


def today() -> date:
    return day_of(timezone.now())


def day_of(moment: datetime) -> date:
    """The day on which a moment fell."""
    return moment.astimezone(ZONE).date()


def start_of(day: date) -> datetime:
    """The moment at which a day begins."""
    return datetime.combine(day, clock.min, ZONE)
