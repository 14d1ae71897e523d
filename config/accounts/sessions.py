"""Ends the sessions of an account."""

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone


def end_sessions(user: User) -> int:
    """End all sessions of an account, wherever they are. Returns their number.

    Only editors have sessions, so their table is small. What a session holds can only be read row by row.
    """
    running = Session.objects.filter(expire_date__gte=timezone.now())
    theirs = [s.pk for s in running.iterator() if s.get_decoded().get("_auth_user_id") == str(user.pk)]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)
