"""How often one address may ask the API in a minute, so that one program does not take it from all others."""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kit.api.problems import problem_response
from config.kit.incoming.visitors import address_of, count_one
from config.kit.secret_links import keyed_hash

Handler = Callable[[HttpRequest], HttpResponseBase]
SECONDS = 60
READING = ("GET", "HEAD")


def reading_limits(get_response: Handler) -> Handler:
    """Answer 429 to an address that has read more than `API_READS_PER_MINUTE` answers in this minute.

    A 304 does not count. Addresses that are not of the open internet are not limited: the machine itself, its own network, and a
    proxy that `TRUSTED_PROXIES` does not name, behind which all readers are. Each answer of the API tells the limit, as the draft
    of the IETF on RateLimit header fields has it; what is left is told by the refusal alone, since caches keep the others.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        most = settings.API_READS_PER_MINUTE
        if not most or not request.path.startswith("/api/v1/"):
            return get_response(request)
        name, wait = _counter(request) if request.method in READING else ("", 0)
        if name and cache.get(name, 0) >= most:
            response: HttpResponseBase = problem_response(
                429,
                _("At most %(most)s answers a minute for one address. Go on in %(wait)s seconds.")
                % {"most": most, "wait": wait},
                request.get_full_path(),
                headers={"Retry-After": str(wait), "RateLimit": f'"reading";r=0;t={wait}', "Cache-Control": "no-store"},
            )
        else:
            response = get_response(request)
            if name and response.status_code != 304:
                count_one(name, 2 * SECONDS)
        response["RateLimit-Policy"] = f'"reading";q={most};w={SECONDS}'
        return response

    return answer


def _counter(request: HttpRequest) -> tuple[str, int]:
    """The counter of an address for this minute, empty where it has none, and the seconds until the next minute."""
    address = address_of(request)
    if address is None or not address.is_global:
        return "", 0
    minute, second = divmod(int(timezone.now().timestamp()), SECONDS)
    return f"reads:{minute}:{keyed_hash('config.reading', str(address))}", SECONDS - second
