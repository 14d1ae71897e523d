"""Writing by the API: who may, what is refused and why, and requests that are repeated."""

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as ModelError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter
from rest_framework import authentication, exceptions, permissions, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from treaties import access
from treaties.models import AccessToken, IdempotentRequest, State

# --- Who may ------------------------------------------------------------------------------------------------


class Bearer(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`: an editor's access token (RFC 6750)."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.casefold() != "bearer":
            return None
        token = access.bearer(secret.strip())
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is unknown, expired or revoked."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = Bearer
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An editor's access token, made in the admin."}


class EditorsWrite(permissions.BasePermission):
    """Everybody reads; an editor writes what their role may in the admin."""

    VERBS = {"POST": "add", "PATCH": "change"}

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in permissions.SAFE_METHODS:
            return True
        verb = self.VERBS.get(request.method or "")
        if verb is None:
            raise exceptions.MethodNotAllowed(request.method or "")
        if not request.user:
            raise exceptions.NotAuthenticated(_("Writing needs an editor's access token."))
        meta = view.queryset.model._meta
        return bool(request.user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}"))


# --- Requests that are repeated ------------------------------------------------------------------------------

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A key of your own, new for each thing that you want done: a request that is repeated with it acts once.",
)
RUNNING_AT_MOST = timedelta(minutes=1)


class Unprocessable(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


class Conflict(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT


def once(request: Request, act: Callable[[], Response]) -> Response:
    """Act at most once for an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

    The same key and body get the same answer; the same key with another body is a 422, while the first is still running a
    409. A request that was refused is forgotten, so that it can be mended. Without the header it just acts.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return act()
    if not 1 <= len(key) <= 255:
        raise exceptions.ValidationError({"Idempotency-Key": [_("Give a key of 1 to 255 characters.")]})
    body = _hash(json.dumps(request.data, sort_keys=True))
    row, is_new = IdempotentRequest.objects.get_or_create(
        key_hash=_hash(f"{request.user.pk if request.user else '-'} {request.method} {request.path} {key}"),
        defaults={"body_hash": body},
    )
    if not is_new:
        return _again(row, body, act)
    return _first(row, act)


def _again(row: IdempotentRequest, body: str, act: Callable[[], Response]) -> Response:
    if row.body_hash != body:
        raise Unprocessable(_("This Idempotency-Key was used with another body."))
    if row.status is not None:
        headers = {"Idempotent-Replayed": "true"} | ({"Location": row.location} if row.location else {})
        return Response(row.answer, status=row.status, headers=headers)
    late = IdempotentRequest.objects.filter(pk=row.pk, status=None, begun_at__lt=timezone.now() - RUNNING_AT_MOST)
    if late.update(begun_at=timezone.now()):
        return _first(row, act)  # whoever began it is gone
    raise Conflict(_("The first request with this Idempotency-Key is still running."))


def _first(row: IdempotentRequest, act: Callable[[], Response]) -> Response:
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


def _hash(text: str) -> str:
    return salted_hmac("treaties.idempotency", text, algorithm="sha256").hexdigest()


def forget_requests(before: Any) -> None:
    """Delete what was answered before a moment."""
    IdempotentRequest.objects.filter(begun_at__lt=before).delete()


# --- What is written -----------------------------------------------------------------------------------------


class StateKey(serializers.SlugRelatedField):
    """A State by its code, or as the API itself shows it."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", State.objects.all())
        super().__init__("iso3", **kwargs)

    def to_internal_value(self, data: Any) -> State:
        key = data.get("iso3") if isinstance(data, dict) else data
        found: State = super().to_internal_value(key.upper() if isinstance(key, str) else key)
        return found


def refuse_unknown(given: Any, known: set[str]) -> None:
    """Raises ValidationError that names each field that there is not."""
    if isinstance(given, dict):
        unknown = {name: [_("Unknown field.")] for name in given if name not in known}
        if unknown:
            raise serializers.ValidationError(unknown)


def told_by_field(error: ModelError) -> dict[str, list[str]]:
    """A model's own refusal, as the API tells it."""
    told: dict[str, list[str]] = error.message_dict
    if NON_FIELD_ERRORS in told:
        told["non_field_errors"] = told.pop(NON_FIELD_ERRORS)
    return told


class Writer(serializers.ModelSerializer):
    """What an editor writes: every field known, the model's own rules told by field, the editor kept in the history."""

    FIXED: tuple[str, ...] = ("slug",)
    """Fields that are given once: they are part of addresses."""

    def get_validators(self) -> list[Any]:
        """The model's own rules say it, with their own sentences."""
        return []

    def get_uniqueness_extra_kwargs(self, field_names: Any, declared_fields: Any, extra_kwargs: Any) -> Any:
        """Being part of a constraint makes no field required."""
        return extra_kwargs, {}

    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown(data, {name for name, field in self.fields.items() if not field.read_only})
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        model: type[Model] = self.Meta.model
        many = {f.name for f in model._meta.many_to_many}
        if self.instance is not None:
            fixed = {
                n: [_("This cannot be changed.")]
                for n in self.FIXED
                if n in attrs and attrs[n] != getattr(self.instance, n)
            }
            if fixed:
                raise serializers.ValidationError(fixed)
        row = copy.copy(self.instance) if self.instance is not None else model()
        for name, value in attrs.items():
            if name not in many:
                setattr(row, name, value)
        try:
            row.full_clean()
        except ModelError as error:
            raise serializers.ValidationError(told_by_field(error)) from error
        return attrs

    def save(self, **kwargs: Any) -> Model:
        attrs = dict(self.validated_data)
        model: type[Model] = self.Meta.model
        many = {f.name: attrs.pop(f.name) for f in model._meta.many_to_many if f.name in attrs}
        row: Any = self.instance if self.instance is not None else model()
        for name, value in attrs.items():
            setattr(row, name, value)
        row._history_user = self.context["request"].user
        row._change_reason = "By the API"
        with transaction.atomic():
            row.save()
            for name, values in many.items():
                getattr(row, name).set(values)
        self.instance = row
        return row


class WrittenViewSet(viewsets.ReadOnlyModelViewSet):
    """Read by everybody; added to and changed by editors with a token, once for each `Idempotency-Key`."""

    authentication_classes = [Bearer]
    permission_classes = [EditorsWrite]
    writer_class: type[Writer]

    def create(self, request: Request) -> Response:
        def act() -> Response:
            writer = self.writer_class(data=request.data, context={"request": request})
            writer.is_valid(raise_exception=True)
            shown = self.shown(writer.save())
            headers = {"Location": shown["url"]} if "url" in shown else {}
            return Response(shown, status=status.HTTP_201_CREATED, headers=headers)

        return once(request, act)

    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        row = self.get_object()
        writer = self.writer_class(row, data=request.data, partial=True, context={"request": request})
        writer.is_valid(raise_exception=True)
        return Response(self.shown(writer.save()))

    def shown(self, row: Model) -> Any:
        """The row as a reader gets it."""
        return self.get_serializer(self.get_queryset().get(pk=row.pk)).data
