"""The moment at which a legal day begins (the Depositary's at midnight in New York), and how long a notice still runs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from treaties.law import rules
from treaties.models import State

DEPOSITARY = ZoneInfo("America/New_York")


@cache
def _zones() -> dict[str, list[str]]:
    """The time zones of each country by its two letters, from the time zone database's own table."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            iso2, _place, zone = line.split("\t")[:3]
            found.setdefault(iso2, []).append(zone)
    return found


def zone_of(state: State) -> ZoneInfo | None:
    """The time zone of a State's capital, where the whole State keeps one time; else nothing is claimed."""
    zones = _zones().get(state.iso2, [])
    return ZoneInfo(zones[0]) if len(zones) == 1 else None


@dataclass(frozen=True)
class LegalMoment:
    """When a legal day begins: in UTC, and in the State's capital where its time is known."""

    utc: datetime
    local: datetime | None


def start_of_legal_day(day: date, state: State) -> LegalMoment:
    """When the Depositary's day begins."""
    utc = datetime.combine(day, time(), DEPOSITARY).astimezone(UTC)
    zone = zone_of(state)
    return LegalMoment(utc, utc.astimezone(zone) if zone else None)


@dataclass(frozen=True)
class NoticeClock:
    """How long a notice of withdrawal still runs. Days are counted in whole days to the day of effect."""

    effective_on: date
    days_left: int
    days_in_all: int

    @property
    def days_gone(self) -> int:
        return self.days_in_all - self.days_left


def notice_clock(standing: rules.Standing, on: date) -> NoticeClock | None:
    """The clock of a running notice; None where none runs or its end is not known."""
    if standing.status is not rules.Status.WITHDRAWING or standing.withdrawal is None:
        return None
    effect = standing.withdrawal_effective_on
    if effect is None or standing.withdrawal.not_before is not None:
        return None
    received = standing.withdrawal.deposited_on
    return NoticeClock(effect, (effect - on).days, (effect - received).days)
