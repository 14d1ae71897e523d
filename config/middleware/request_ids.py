"""A name for each request, in its answer and in every line of the log, so that a report can be followed."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from config.running.logs import request_name

HEADER = "X-Request-Id"
_GOOD = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_ids(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Take the name that the client or a proxy gave, or make one, and send it back as `X-Request-Id`.

    A name of other signs, or of another length than 8 to 64, could break a line of the log: a new one takes its place.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        name = given if _GOOD.fullmatch(given) else uuid.uuid4().hex
        request.name_in_log = name  # type: ignore[attr-defined]  # Django logs a refusal when all middleware has ended
        token = request_name.set(name)
        try:
            response = get_response(request)
        finally:
            request_name.reset(token)
        response[HEADER] = name
        return response

    return answer
