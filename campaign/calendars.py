"""The campaign's events as a calendar that real clients accept (RFC 5545, RFC 7986)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from campaign.models import Campaign, CampaignAction
from treaties.models import PrecisionChoices


def _events_with_a_day(campaign: Campaign) -> Iterable[CampaignAction]:
    vague = (PrecisionChoices.MONTH, PrecisionChoices.YEAR)
    found = CampaignAction.objects.public().of(campaign).filter(kind=CampaignAction.Kind.EVENT)
    return found.exclude(date_precision__in=vague).for_display()


def events(campaign: Campaign, absolute: Callable[[str], str], today: date) -> bytes:
    """The events whose day is known, all-day, past and coming. The UID stays when an event is moved."""
    calendar = Calendar()
    calendar.add("prodid", "-//Minefree//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", campaign.title)
    calendar.add("name", campaign.title)
    for action in _events_with_a_day(campaign):
        event = Event()
        event.add("uid", f"{campaign.slug}-{action.slug}@minefree")
        event.add("dtstamp", datetime.combine(today, time(), UTC))
        event.add("dtstart", action.date)
        event.add("dtend", (action.end_date or action.date) + timedelta(days=1))
        event.add("summary", action.title)
        event.add("description", action.summary)
        if action.place:
            event.add("location", action.place)
        event.add("status", "CANCELLED" if action.status == CampaignAction.Status.CANCELLED else "CONFIRMED")
        event.add("url", absolute(action.get_absolute_url()))
        calendar.add_component(event)
    return calendar.to_ical()


def events_as_linked_data(campaign: Campaign, absolute: Callable[[str], str]) -> list[dict[str, object]]:
    """The same events for search engines (schema.org Event)."""
    return [_as_linked_data(action, absolute) for action in _events_with_a_day(campaign)]


def _as_linked_data(action: CampaignAction, absolute: Callable[[str], str]) -> dict[str, object]:
    is_off = action.status == CampaignAction.Status.CANCELLED
    event: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": absolute(action.get_absolute_url()),
        "name": action.title,
        "description": action.summary,
        "startDate": action.date.isoformat(),
        "endDate": (action.end_date or action.date).isoformat(),
        "eventStatus": f"https://schema.org/{'EventCancelled' if is_off else 'EventScheduled'}",
        "url": absolute(action.get_absolute_url()),
    }
    if action.place:
        event["location"] = {"@type": "Place", "name": action.place, "address": action.place}
    if action.who:
        event["organizer"] = {"@type": "Organization", "name": action.who}
    return event


@dataclass(frozen=True)
class Moved:
    """A day that was announced and then changed."""

    was: date
    noted_at: datetime


def moved_days(actions: Iterable[CampaignAction]) -> dict[int, list[Moved]]:
    """By action, the days that were announced for it before, oldest first. One query, however many actions."""
    keys = [action.pk for action in actions]
    records = CampaignAction.history.filter(id__in=keys).order_by("history_date", "history_id")
    found: dict[int, list[Moved]] = {}
    last: dict[int, date] = {}
    for key, day, at in records.values_list("id", "date", "history_date"):
        if key in last and last[key] != day:
            found.setdefault(key, []).append(Moved(last[key], at))
        last[key] = day
    return found
