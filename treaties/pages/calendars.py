"""The deadlines of a treaty as a calendar."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Event

from config.kit.pages.calendars import all_day_event, new_calendar
from treaties.law.rules import yearly_report_due
from treaties.models import ObligationChoices, Treaty
from treaties.status.duties import Duty


def deadlines(treaty: Treaty, duties: Iterable[Duty], absolute: Callable[[str], str], today: date) -> bytes:
    """One all-day event a deadline. The UID stays when a deadline is extended; SEQUENCE counts the extensions."""
    calendar = new_calendar("Deadlines", _("%(treaty)s: deadlines") % {"treaty": treaty.short_title})
    calendar.add("refresh-interval", timedelta(days=1), parameters={"VALUE": "DURATION"})
    if not treaty.dated_duties:
        return calendar.to_ical()
    for duty in duties:
        day = duty.deadline
        if day is None:
            continue
        event = all_day_event(
            f"{treaty.slug}-{duty.state.pk.lower()}-{duty.obligation}",
            day,
            day,
            summary=f"{duty.state.name}: {ObligationChoices(duty.obligation.value).label}",
            url=absolute(duty.state.get_absolute_url()),
            today=today,
        )
        event.add("sequence", len(duty.decisions))
        event.add(
            "description",
            _("Counted from the entry into force for the State on %(day)s.") % {"day": duty.in_force_on.isoformat()},
        )
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    calendar.add_component(_yearly_report(treaty, absolute, today))
    return calendar.to_ical()


def _yearly_report(treaty: Treaty, absolute: Callable[[str], str], today: date) -> Event:
    due = yearly_report_due(today)
    event = all_day_event(
        f"{treaty.slug}-yearly-report-{due.year}",
        due,
        due,
        summary=_("%(treaty)s: yearly reports of all States Parties (Art. 7(2))") % {"treaty": treaty.short_title},
        url=absolute(reverse("treaties:deadlines", args=[treaty.slug])),
        today=today,
    )
    event.add("sequence", 0)
    event.add("transp", "TRANSPARENT")
    return event
