"""Deadlines as a calendar that real clients accept (RFC 5545, RFC 7986)."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from treaties.models import ObligationChoices, Treaty
from treaties.rules import yearly_report_due
from treaties.status import Duty


def deadlines(treaty: Treaty, duties: Iterable[Duty], absolute: Callable[[str], str], today: date) -> bytes:
    """One all-day event a deadline. The UID stays when a deadline is extended; SEQUENCE counts the extensions."""
    calendar = Calendar()
    calendar.add("prodid", "-//Minefree//Deadlines//EN")
    calendar.add("version", "2.0")
    name = _("%(treaty)s: deadlines") % {"treaty": treaty.short_title}
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", timedelta(days=1), parameters={"VALUE": "DURATION"})
    if not treaty.dated_duties:
        return calendar.to_ical()
    for duty in duties:
        event = Event()
        event.add("uid", f"{treaty.slug}-{duty.state.pk.lower()}-{duty.obligation}@minefree")
        event.add("dtstamp", datetime.combine(today, time(), UTC))
        event.add("dtstart", duty.deadline)
        event.add("dtend", duty.deadline + timedelta(days=1))
        event.add("sequence", len(duty.recorded.extensions.all()) if duty.recorded else 0)
        event.add("summary", f"{duty.state.name}: {ObligationChoices(duty.obligation.value).label}")
        event.add(
            "description",
            _("Counted from the entry into force for the State on %(day)s.") % {"day": duty.in_force_on.isoformat()},
        )
        event.add("url", absolute(duty.state.get_absolute_url()))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    calendar.add_component(_yearly_report(treaty, absolute, today))
    return calendar.to_ical()


def _yearly_report(treaty: Treaty, absolute: Callable[[str], str], today: date) -> Event:
    due = yearly_report_due(today)
    event = Event()
    event.add("uid", f"{treaty.slug}-yearly-report-{due.year}@minefree")
    event.add("dtstamp", datetime.combine(today, time(), UTC))
    event.add("dtstart", due)
    event.add("dtend", due + timedelta(days=1))
    event.add("sequence", 0)
    event.add(
        "summary", _("%(treaty)s: yearly reports of all States Parties (Art. 7(2))") % {"treaty": treaty.short_title}
    )
    event.add("url", absolute(reverse("treaties:deadlines", args=[treaty.slug])))
    event.add("transp", "TRANSPARENT")
    return event
