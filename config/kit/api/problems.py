"""Errors as problem documents (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions

PROBLEM = "application/problem+json"


def problem_response(
    status: int,
    detail: str,
    instance: str,
    errors: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """An error as RFC 9457 has it; `errors` has sentences by field."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
    }
    if errors:
        body["errors"] = errors
    return JsonResponse(body, status=status, content_type=PROBLEM, headers=headers)


def by_field(detail: Any, field: str = "") -> dict[str, list[str]]:
    """The sentences by field; one within another has its name and its place before it: `articles.0`."""
    if isinstance(detail, Mapping):
        inner = detail.items()
    elif isinstance(detail, list) and any(isinstance(one, Mapping) for one in detail):
        inner = enumerate(detail)  # type: ignore[assignment]
    else:
        return {field: [str(one) for one in (detail if isinstance(detail, list | tuple) else [detail])]}
    found: dict[str, list[str]] = {}
    for name, one in inner:
        if one:
            found |= by_field(one, f"{field}.{name}" if field else str(name))
    return found


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
        return problem_response(error.status_code, str(error.detail), instance, headers=headers)
    return None


def problem_page(request: HttpRequest, status: int, detail: str) -> JsonResponse:
    """Django's own error pages, for addresses under the API."""
    return problem_response(status, detail, request.get_full_path())
