"""Requests with an `Idempotency-Key`: they act once, however often they are repeated."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

from config.kit.models import IdempotentRequest
from config.kit.secret_links import keyed_hash

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255},
    OpenApiParameter.HEADER,
    description="A key of your own, new for each thing that you want done: a request that is repeated with it acts once.",
)
RUNNING_AT_MOST = timedelta(minutes=1)
"""After this time a request that has not answered counts as gone."""
_PURPOSE = "treaties.idempotency"


class Unprocessable(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


class Conflict(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT


class StillRunning(Conflict):
    """The first request has not answered yet; `wait` is the number of seconds after which it counts as gone."""

    def __init__(self, wait: float) -> None:
        super().__init__(_("The first request with this Idempotency-Key is still running."))
        self.wait = wait


def idempotent(request: Request, act: Callable[[], Response]) -> Response:
    """Act at most once for an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

    The same key and body get the same answer; the same key with another body is a 422, while the first is still running a
    409. A request that was refused is forgotten, so that it can be mended. Without the header it just acts.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return act()
    if not 1 <= len(key) <= 255:
        raise exceptions.ValidationError({"Idempotency-Key": [_("Give a key of 1 to 255 characters.")]}, "invalid")
    body = keyed_hash(_PURPOSE, json.dumps(request.data, sort_keys=True))
    row, is_new = IdempotentRequest.objects.get_or_create(
        key_hash=keyed_hash(
            _PURPOSE, f"{request.user.pk if request.user else '-'} {request.method} {request.path} {key}"
        ),
        defaults={"body_hash": body},
    )
    if not is_new:
        return _replay(row, body, act)
    return _act(row, act)


def _replay(row: IdempotentRequest, body: str, act: Callable[[], Response]) -> Response:
    if row.body_hash != body:
        raise Unprocessable(_("This Idempotency-Key was used with another body."))
    if row.status is not None:
        headers = {"Idempotent-Replayed": "true"} | ({"Location": row.location} if row.location else {})
        return Response(row.answer, status=row.status, headers=headers)
    late = IdempotentRequest.objects.filter(pk=row.pk, status=None, begun_at__lt=timezone.now() - RUNNING_AT_MOST)
    if late.update(begun_at=timezone.now()):
        return _act(row, act)  # its process is gone
    row.refresh_from_db()
    raise StillRunning(max((row.begun_at + RUNNING_AT_MOST - timezone.now()).total_seconds(), 0))


def _act(row: IdempotentRequest, act: Callable[[], Response]) -> Response:
    try:
        with transaction.atomic():
            response = act()
            IdempotentRequest.objects.filter(pk=row.pk).update(
                status=response.status_code,
                answer=json.loads(json.dumps(response.data, default=str)),
                location=response.headers.get("Location", ""),
            )
    except BaseException:
        row.delete()
        raise
    return response


def delete_requests(before: datetime) -> None:
    """Delete what is kept of requests from before a moment."""
    IdempotentRequest.objects.filter(begun_at__lt=before).delete()
