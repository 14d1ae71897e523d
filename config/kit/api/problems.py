"""Errors as problem documents (RFC 9457)."""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions

PROBLEM = "application/problem+json"


CODES: Mapping[int, str] = {
    400: "invalid",
    401: "not_authenticated",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    412: "precondition_failed",
    415: "unsupported_media_type",
    422: "idempotency_key_reused",
    428: "precondition_required",
    429: "throttled",
    500: "error",
    503: "unavailable",
}
"""A word for each status, for programs: it stays when a sentence is written anew. An error may have a word of its own."""


def problem_response(
    status: int,
    detail: str,
    instance: str,
    errors: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    code: str = "",
    changed: Iterable[str] = (),
) -> JsonResponse:
    """An error as RFC 9457 has it: `errors` has sentences by field, and `codes` a word for each of them.

    Args: changed: the names of the fields that are others than the client saw.
    """
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code or CODES.get(status, "error"),
        "detail": detail,
        "instance": instance,
    }
    if errors:
        body["errors"] = errors
        body["codes"] = {name: [_code(one) for one in sentences] for name, sentences in errors.items()}
    if changed:
        body["changed"] = list(changed)
    return JsonResponse(body, status=status, content_type=PROBLEM, headers=headers)


def _code(sentence: Any) -> str:
    return str(getattr(sentence, "code", None) or "invalid")


def by_field(detail: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The sentences by field; those about one entry of a list say which."""
    return {name: list(_sentences(inner)) for name, inner in detail.items()}


def _sentences(detail: Any) -> Iterator[Any]:
    if isinstance(detail, Mapping):
        for place, inner in detail.items():
            number = int(place) + 1 if str(place).isdigit() else place
            for sentence in _sentences(inner):
                said = _("Entry %(number)s: %(sentence)s") % {"number": number, "sentence": sentence}
                yield exceptions.ErrorDetail(said, _code(sentence))
    elif isinstance(detail, list | tuple):
        for place, inner in enumerate(detail):
            yield from _sentences({place: inner} if isinstance(inner, Mapping) and inner else inner or [])
    else:
        yield detail


def problem(error: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """DRF's exceptions as problem documents. Others are left to Django, which logs them."""
    instance = context["request"].get_full_path()
    if isinstance(error, Http404):
        return problem_response(404, _("There is nothing at this address."), instance)
    if isinstance(error, PermissionDenied):
        return problem_response(403, _("You may not do this."), instance)
    if isinstance(error, exceptions.ValidationError):
        errors = by_field(error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail})
        names = ", ".join(errors)
        return problem_response(400, _("Please check: %s.") % names, instance, errors)
    if isinstance(error, exceptions.APIException):
        headers = {}
        wait = getattr(error, "wait", None)
        if wait is not None:
            headers["Retry-After"] = str(int(wait) + 1)
        if getattr(error, "etag", None):
            headers["ETag"] = error.etag  # type: ignore[attr-defined]
        if getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
        own = _code(error.detail)
        code = "" if own in ("error", "invalid") else own
        changed = getattr(error, "changed", ())
        return problem_response(
            error.status_code, str(error.detail), instance, headers=headers, code=code, changed=changed
        )
    return None


def problem_page(request: HttpRequest, status: int, detail: str) -> JsonResponse:
    """Django's own error pages, for addresses under the API."""
    return problem_response(status, detail, request.get_full_path())
