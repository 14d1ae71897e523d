"""Calendars as common calendar clients accept them (RFC 5545, RFC 7986)."""

from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event


def new_calendar(kind: str, name: str) -> Calendar:
    """An empty calendar. Args: kind: the product that makes it, for programs; name: for people."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Minefree//{kind}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    return calendar


def all_day_event(uid: str, first: date, last: date, *, summary: str, url: str, today: date) -> Event:
    """An event over whole days, both included. The UID must stay the same when the event is moved."""
    event = Event()
    event.add("uid", f"{uid}@minefree")
    event.add("dtstamp", datetime.combine(today, time(), UTC))
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    event.add("summary", summary)
    event.add("url", url)
    return event
