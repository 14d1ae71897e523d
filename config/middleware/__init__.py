"""Middleware: health probes, names of requests, languages, public and security headers, due bundles, answers that are kept."""

import time
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.middleware.http import ConditionalGetMiddleware
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import set_response_etag

from config.kit.formats.languages import without_language
from config.kit.models.generations import answer_anew, answering
from config.middleware.kept_answers import kept_answers
from config.middleware.languages import languages
from config.middleware.reading_limits import reading_limits
from config.middleware.request_ids import request_ids
from config.running import periodic
from news.newsroom.bundles import release_due
from treaties.ledger import triggers

__all__ = [
    "api_headers",
    "heads",
    "kept_answers",
    "languages",
    "probes",
    "public_headers",
    "reading_limits",
    "releases",
    "request_ids",
]
Handler = Callable[[HttpRequest], HttpResponseBase]

PUBLIC_CACHE = "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PATCH")
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


class _Guards:
    """How many triggers of the record are missing; asked at most once a minute, since it looks at every table."""

    EVERY = 60.0

    def __init__(self) -> None:
        self.asked_at = float("-inf")
        self.number = 0

    def lacking(self) -> int:
        """The number of missing triggers. Raises DatabaseError."""
        if time.monotonic() - self.asked_at > self.EVERY:
            self.number = len(triggers.missing(connection))
            self.asked_at = time.monotonic()
        return self.number


guards = _Guards()


def probes(get_response: Handler) -> Handler:
    """`/healthz` says that the process lives, without the database; `/readyz` that it can serve (503 if it cannot).

    It can where the database answers and has all triggers that guard the record. `/readyz?verbose` names the periodic tasks that
    are late, too: the site serves without them.

    They come first: a probe speaks plain HTTP to the process itself, by whatever name it knows it.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz":
            return _plain("ok")
        if request.path == "/readyz":
            try:
                connection.ensure_connection()
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                lacking = guards.lacking()
                late = periodic.late(timezone.now()) if "verbose" in request.GET else []
            except DatabaseError:
                return _plain("the database does not answer", status=503)
            if lacking:
                return _plain(f"guards of the record are missing: {lacking}; see manage.py verify_ledger", status=503)
            return _plain("\n".join(["ready", *(f"late: {what}" for what in late)]))
        return get_response(request)

    return answer


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(
        f"{text}\n",
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )


def public_headers(get_response: Handler) -> Handler:
    """Set `Cache-Control` for public pages and the security headers of every response.

    A response that sets a cookie or has its own `Cache-Control` keeps it.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        # TRACE would send back what a proxy has added to the request (RFC 9110, section 9.3.8).
        response = HttpResponseNotAllowed(METHODS) if request.method == "TRACE" else get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        embedded = without_language(request.path).startswith(("/embed/", "/api/"))
        response.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if embedded else "same-origin")
        if request.method in ("GET", "HEAD") and not response.cookies and not response.has_header("Cache-Control"):
            cacheable = response.status_code in (200, 301, 304, 404, 410)
            response["Cache-Control"] = PUBLIC_CACHE if cacheable else "no-store"
            if cacheable:
                # nginx in front asks again after a second, by the ETag; it does not tell this to the browser.
                response["X-Accel-Expires"] = "1"
        elif request.method not in ("GET", "HEAD", "OPTIONS"):
            if request.path == reverse("admin:logout"):
                response["Clear-Site-Data"] = '"storage"'  # the drafts that the browser keeps for an editor
            response.setdefault("Cache-Control", "no-store")
        return response

    return answer


def releases(get_response: Handler) -> Handler:
    """Release due bundles before the request reads anything, so that a reader finds the whole bundle or nothing of it."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        with answering(None):
            released = release_due(timezone.now())
        if released:
            answer_anew()
        return get_response(request)

    return answer


def heads(get_response: Handler) -> Handler:
    """Give a HEAD the `ETag` that a GET of the same address gets (RFC 9110, section 9.3.2)."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method == "HEAD" and response.status_code == 200 and isinstance(response, HttpResponse):
            conditional = ConditionalGetMiddleware(get_response)
            if conditional.needs_etag(response) and not response.has_header("ETag"):
                set_response_etag(response)
        return response

    return answer


API_LINKS = (
    '</api/v1/schema/>; rel="service-desc", </api/v1/docs/>; rel="service-doc", '
    '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
)


def api_headers(get_response: Handler) -> Handler:
    """Add links to the description of the API (RFC 8631)."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path.startswith("/api/"):
            response["Link"] = f"{response['Link']}, {API_LINKS}" if response.has_header("Link") else API_LINKS
        return response

    return answer
