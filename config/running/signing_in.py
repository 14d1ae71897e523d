"""Who may try to sign in, how often, and for how long a sign-in lasts.

Five wrong passwords for one name from one address close that name to that address for a quarter of an hour (django-axes, whose
tables the admin shows). Twenty from one address, for whatever names, close the sign-in to it. Every refusal leaves a line in the
log that names no person.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, logout
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from config.kit.incoming.visitors import address_of, count_one, network_of
from config.kit.secret_links import keyed_hash

log = logging.getLogger("minefree.signing_in")
Handler = Callable[[HttpRequest], HttpResponseBase]

WINDOW = timedelta(minutes=15)
MOST_FROM_ONE_ADDRESS = 20
"""Failed sign-ins of one address within the window, for whatever names."""
IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
"""How long an editor stays signed in without doing anything, and at most."""
_SIGNED_IN_AT = "signed_in_at"


def client_address(request: HttpRequest) -> str:
    """The visitor's address as the trusted proxies tell it (for django-axes)."""
    return str(address_of(request) or "")


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The page of who has tried too often."""
    minutes = int(WINDOW.total_seconds() // 60)
    html = render_to_string("429.html", {"minutes": minutes}, request=request)
    return HttpResponse(html, status=429, headers={"Retry-After": str(int(WINDOW.total_seconds()))})


def _failures_key(request: HttpRequest) -> str:
    return f"sign-in:{keyed_hash('config.signing_in', client_address(request))}"


@receiver(user_login_failed, dispatch_uid="config.signing_in.failed")
def note_failure(sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kw: Any) -> None:
    """Count a failed sign-in against its address, and log it. The name as typed is not logged: it may be a password."""
    if request is None:
        return
    key = _failures_key(request)
    count_one(key, int(WINDOW.total_seconds()))
    named = get_user_model().objects.filter(username=credentials.get("username") or "").values_list("pk", flat=True)
    account = next((f"account {pk}" for pk in named), "no known account")
    address = address_of(request)
    log.warning("sign-in refused for %s from %s", account, network_of(address) if address else "an unknown network")


@receiver(user_logged_in, dispatch_uid="config.signing_in.signed_in")
def note_beginning(sender: object, request: HttpRequest | None = None, **kwargs: Any) -> None:
    if request is not None:
        request.session[_SIGNED_IN_AT] = timezone.now().timestamp()


def limits(get_response: Handler) -> Handler:
    """Middleware: refuse an address that has failed too often, and end a sign-in that is idle or has lasted too long."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST" and request.path == reverse(settings.LOGIN_URL):
            if cache.get(_failures_key(request), 0) >= MOST_FROM_ONE_ADDRESS:
                return locked_out(request)
        elif request.path.startswith("/admin/") and request.user.is_authenticated:
            now = timezone.now().timestamp()
            if now - request.session.setdefault(_SIGNED_IN_AT, now) > LONGEST.total_seconds():
                logout(request)
            else:
                request.session.modified = True  # begins the idle time anew
        return get_response(request)

    return answer
