"""The campaign's events as a calendar, and as data for search engines."""

from collections.abc import Callable, Iterable
from datetime import date

from campaign.models import Campaign, CampaignAction
from config.kit.pages.calendars import all_day_event, new_calendar


def events(campaign: Campaign, actions: Iterable[CampaignAction], absolute: Callable[[str], str], today: date) -> bytes:
    """The events whose day is known, all-day, past and coming. The UID stays when an event is moved: no slug changes."""
    calendar = new_calendar("Events", campaign.title)
    for action in actions:
        event = all_day_event(
            f"{campaign.slug}-{action.slug}",
            action.date,
            action.end_date or action.date,
            summary=action.title,
            url=absolute(action.get_absolute_url()),
            today=today,
        )
        event.add("description", action.summary)
        if action.place:
            event.add("location", action.place)
        event.add("status", "CANCELLED" if action.status == CampaignAction.Status.CANCELLED else "CONFIRMED")
        calendar.add_component(event)
    return calendar.to_ical()


def events_as_linked_data(actions: Iterable[CampaignAction], absolute: Callable[[str], str]) -> list[dict[str, object]]:
    """The same events for search engines (schema.org Event)."""
    return [_as_linked_data(action, absolute) for action in actions]


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
