"""The campaign's events as a calendar that real clients accept (RFC 5545, RFC 7986)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from campaign.models import Campaign, CampaignAction
from treaties.models import PrecisionChoices


def events(campaign: Campaign, absolute: Callable[[str], str], today: date) -> bytes:
    """The events whose day is known, all-day, past and coming. The UID stays when an event is moved."""
    calendar = Calendar()
    calendar.add("prodid", "-//Minefree//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", campaign.title)
    calendar.add("name", campaign.title)
    vague = (PrecisionChoices.MONTH, PrecisionChoices.YEAR)
    chosen = (
        CampaignAction.objects.of(campaign).filter(kind=CampaignAction.Kind.EVENT).exclude(date_precision__in=vague)
    )
    for action in chosen.for_display():
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
