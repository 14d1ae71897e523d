"""Writing by the API: serializers that keep the history, and viewsets that take POST and PATCH."""

import copy
import hashlib
import json
from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as ModelError
from django.db import transaction
from django.db.models import Model
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from config.kit.api.authentication import Bearer, EditorsWrite
from config.kit.api.exports import ListViewSet
from config.kit.api.idempotency import IDEMPOTENCY_KEY, idempotent
from config.kit.models.fields import NormalisedField
from config.kit.models.histories import one_version
from config.kit.models.proposals import Proposal
from config.kit.models.row_versions import Part, by_name, fingerprint, parts_of
from config.kit.parameters import EVERYWHERE, check_names
from config.kit.proposals import Trial, guard_of
from config.kit.secret_links import keyed_hash
from config.kit.services import Refused


class Strict(serializers.Serializer):
    """A serializer that takes what its description has: its fields by name, and no number where a text is meant.

    REST framework would read 0 as the text "0" and as false, and a client would not learn of its mistake.
    """

    def to_internal_value(self, data: Any) -> Any:
        """Raises ValidationError that names each unknown field and each of another type."""
        if isinstance(data, dict):
            known = {name: field for name, field in self.fields.items() if not field.read_only}
            wrong = {
                name: [exceptions.ErrorDetail(str(_("Unknown field.")), "unknown_field")]
                for name in data
                if name not in known
            }
            for name, field in known.items():
                if data.get(name) is not None and (message := _is_other(field, data[name])):
                    wrong[name] = [exceptions.ErrorDetail(str(message), "wrong_type")]
            if wrong:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)


_TEXTS = (
    serializers.CharField,
    serializers.ChoiceField,
    serializers.DateField,
    serializers.DateTimeField,
    serializers.SlugRelatedField,
)


def _is_other(field: serializers.Field, value: Any) -> Any:
    """What to give instead of a value of another JSON type than a field's; empty where it is right, or the field itself says."""
    if isinstance(field, serializers.BooleanField):
        return "" if isinstance(value, bool) else _("Give true or false.")
    if isinstance(field, serializers.IntegerField | serializers.PrimaryKeyRelatedField):
        return "" if isinstance(value, int) and not isinstance(value, bool) else _("Give a whole number.")
    if isinstance(field, serializers.DecimalField):
        is_number = isinstance(value, str | int | float) and not isinstance(value, bool)
        return "" if is_number else _("Give a number.")
    if isinstance(field, serializers.ManyRelatedField | serializers.ListField):
        return "" if isinstance(value, list) else _("Give a list.")
    if isinstance(field, _TEXTS):
        return _("Give a text.") if isinstance(value, bool | int | float | list) else ""
    return ""


def drf_errors(error: ModelError) -> dict[str, list[exceptions.ErrorDetail]]:
    """A model's ValidationError as DRF's, by field of the serializer."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    return {
        "non_field_errors" if name == NON_FIELD_ERRORS else name: [
            exceptions.ErrorDetail(sentence, one.code) for one in errors for sentence in one.messages
        ]
        for name, errors in by_field.items()
    }


class AuditedSerializer(Strict, serializers.ModelSerializer):
    """A serializer for writing. It runs the model's own checks, and records the editor in the history."""

    FIXED: tuple[str, ...] = ("slug",)
    """Fields that cannot be changed later, since they are part of addresses."""

    def get_validators(self) -> list[Any]:
        """None: the model checks its constraints itself, with its own messages."""
        return []

    def get_uniqueness_extra_kwargs(self, field_names: Any, declared_fields: Any, extra_kwargs: Any) -> Any:
        """Being part of a constraint makes no field required."""
        return extra_kwargs, {}

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        model: type[Model] = self.Meta.model
        texts = {f.name: f for f in model._meta.fields if isinstance(f, NormalisedField)}
        return {name: texts[name].to_python(v) if name in texts else v for name, v in values.items()}

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
            raise serializers.ValidationError(drf_errors(error)) from error
        return attrs

    def save(self, **kwargs: Any) -> Model:
        """Save the row. A refusal of the service function or of the model becomes a validation error."""
        try:
            self.instance = self.write(dict(self.validated_data), self.context["request"].user)
        except Refused as refusal:
            raise serializers.ValidationError({"non_field_errors": [str(refusal)]}) from refusal
        except ModelError as error:
            raise serializers.ValidationError(drf_errors(error)) from error
        return self.instance

    def write(self, values: dict[str, Any], by: User) -> Model:
        """Write the row with its history. Serializers of models with a service function call that instead."""
        model: type[Model] = self.Meta.model
        many = {f.name: values.pop(f.name) for f in model._meta.many_to_many if f.name in values}
        row: Any = self.instance if self.instance is not None else model()
        for name, value in values.items():
            setattr(row, name, value)
        row._history_user = by
        row._change_reason = "By the API"
        with transaction.atomic(), one_version(row, is_new=self.instance is None):
            row.save()
            for name, related in many.items():
                getattr(row, name).set(related)
        return row


IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The `ETag` of the answer in which you saw what you change: 412 if it has changed since, 428 without it. "
    "Both refusals carry the `ETag` of today.",
)


class Precondition(exceptions.APIException):
    """A change of what its writer has not seen as it is. `etag` is the version of today."""

    def __init__(self, parts: Sequence[Part], changed: Sequence[str] = ()) -> None:
        super().__init__()
        self.etag = quote_etag(version_tag(parts))
        self.changed = list(changed)


class PreconditionRequired(Precondition):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = _("Send `If-Match` with the ETag of the answer in which you saw what you change.")


class PreconditionFailed(Precondition):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = _("It has changed since you saw it: ask for it anew, and change that.")

    def __init__(self, parts: Sequence[Part], changed: Sequence[str] = ()) -> None:
        super().__init__(parts, changed)
        if changed:
            said = _("It has changed since you saw it (%(parts)s): ask for it anew, and change that.")
            self.detail = exceptions.ErrorDetail(said % {"parts": ", ".join(changed)}, self.default_code)


_HINT = 4
"""Digits for each part in an `ETag`: they tell which part has changed, and decide nothing. They are keyed, and others for each row,
so that nobody guesses a value from them that is not shown."""


def version_tag(parts: Sequence[Part]) -> str:
    """A version as it stands in an `ETag`: the digest that decides, a point, and some digits of each part."""
    seen = fingerprint(parts)
    row = parts[0][1] if parts else ""
    hints = "".join(keyed_hash("config.versions", json.dumps([row, *part]))[:_HINT] for part in parts)
    return f"{hashlib.sha256(seen.encode()).hexdigest()[:24]}.{hints}"


def _changed_since(version: str, parts: Sequence[Part]) -> list[str]:
    """The names of the parts that are others than in a version, each once; none where the version does not tell."""
    seen, now = version.partition(".")[2], version_tag(parts).partition(".")[2]
    if len(seen) != len(now):
        return []
    places = range(0, len(now), _HINT)
    compared = zip(places, (name for name, _value in parts), strict=True)
    return list(dict.fromkeys(name for n, name in compared if seen[n : n + _HINT] != now[n : n + _HINT]))


def check_if_match(request: Request, parts: Sequence[Part], *, any_version: bool = True) -> None:
    """Refuse a change of what its writer has not seen as it is (RFC 9110, section 13.1.1; RFC 6585, section 3).

    Args: parts: the content as it is now. any_version: whether `*` is taken, which says that nothing was looked at.
    Raises PreconditionRequired, or PreconditionFailed, which names what has changed.
    """
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired(parts)
    versions = [tag.removeprefix("W/").strip('"').split("-")[0] for tag in parse_etags(given)]
    now = version_tag(parts).partition(".")[0]
    if not ("*" in versions and any_version) and now not in {version.partition(".")[0] for version in versions}:
        raise PreconditionFailed(parts, _changed_since(versions[-1], parts) if versions else ())


class ProposalRefSerializer(serializers.ModelSerializer):
    """The proposal that a second editor has to accept before anything of it is public."""

    class Meta:
        model = Proposal
        fields = ["id", "decision"]


class WritableViewSet(ListViewSet):
    """Everybody reads; editors with a token create and change, once for each `Idempotency-Key`."""

    authentication_classes = [Bearer]
    permission_classes = [EditorsWrite]
    write_serializer_class: type[AuditedSerializer]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:
            check_names(request.query_params, EVERYWHERE)

    @extend_schema(parameters=[IDEMPOTENCY_KEY])
    def create(self, request: Request) -> Response:
        """Write a new one. It is public once a second editor has accepted it."""

        def act() -> Response:
            writer = self.write_serializer_class(data=request.data, context={"request": request})
            writer.is_valid(raise_exception=True)
            with transaction.atomic():
                trial = Trial(None) if guard_of(self.write_serializer_class.Meta.model) else None
                saved = writer.save()
                shown = self.shown(saved)
                proposal = trial.end(saved, by=cast(User, request.user)) if trial is not None else None
            if proposal is not None:
                where = {"Location": request.build_absolute_uri(proposal.get_absolute_url())}
                return Response(self.proposed(shown, proposal), status=status.HTTP_201_CREATED, headers=where)
            where = {"Location": self.location_of(saved, shown)}
            return self.versioned(Response(shown, status=status.HTTP_201_CREATED, headers=where), saved)

        return idempotent(request, act)

    def location_of(self, row: Model, shown: Any) -> str:
        """Where what was written is found (RFC 9110, section 15.3.2)."""
        return str(shown["url"])

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        return self.versioned(Response(self.get_serializer(row).data), row)

    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Change some fields. The version that you saw is the `ETag` of the last answer: send it as `If-Match`."""
        with transaction.atomic():
            row = type(seen := self.get_object())._default_manager.select_for_update().get(pk=seen.pk)
            self.get_object()  # again, since what may be changed can have ended while we waited for the lock
            check_if_match(request, self.parts_of(row))
            writer = self.write_serializer_class(row, data=request.data, partial=True, context={"request": request})
            writer.is_valid(raise_exception=True)
            trial = Trial(row) if guard_of(type(row)) else None
            saved = writer.save()
            shown = self.shown(saved)
            proposal = trial.end(saved, by=cast(User, request.user)) if trial is not None else None
        if proposal is not None:
            row.refresh_from_db()
            answer = Response(self.proposed(shown, proposal), status=status.HTTP_202_ACCEPTED)
            return self.versioned(answer, row)
        return self.versioned(Response(shown), saved)

    @staticmethod
    def proposed(shown: Any, proposal: Proposal) -> dict[str, Any]:
        """What would be shown, and the proposal that a second editor has to accept first."""
        return {**shown, "proposal": ProposalRefSerializer(proposal).data}

    def parts_of(self, row: Any) -> list[Part]:
        """All that a reader of the answer sees of a row, by the names of its fields."""
        return parts_of(row, named=by_name)

    def versioned(self, response: Response, row: Model) -> Response:
        """The response with an `ETag` that tells the version of the row, and the content besides."""
        version = version_tag(self.parts_of(row))

        def add_tag(rendered: Any) -> None:
            content = rendered.get("ETag", "").strip('"') or hashlib.sha256(rendered.content).hexdigest()[:16]
            rendered["ETag"] = quote_etag(f"{version}-{content}")

        response.add_post_render_callback(add_tag)
        return response

    def shown(self, row: Model) -> Any:
        """The row as a reader gets it."""
        return self.get_serializer(self.get_queryset().get(pk=row.pk)).data
