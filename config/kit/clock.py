"""The day of the site."""

from datetime import date

from django.utils import timezone


def today() -> date:
    """The day in UTC."""
    return timezone.now().date()
