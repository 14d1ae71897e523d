"""The OpenAPI schema: adds to every operation the error responses and the parameters that all operations share."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from config.kit.api.problems import PROBLEM


class ProblemSerializer(serializers.Serializer):
    """An error (RFC 9457)."""

    type = serializers.CharField(help_text="Always about:blank: the status says what it is.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence for a person.")
    instance = serializers.CharField(help_text="The address that was asked for.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Sentences by parameter.",
    )


class DocumentedSchema(AutoSchema):
    """Adds to each operation the errors that it may answer with and the parameters that all have."""

    def get_override_parameters(self) -> list[Any]:
        language = OpenApiParameter("lang", str, description="Language of names. Available: en.", enum=["en"])
        return [*super().get_override_parameters(), language]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(direction)
        for status, meaning in (
            ("400", "A parameter is unknown or cannot be read."),
            ("404", "There is no such thing."),
        ):
            described = OpenApiResponse(ProblemSerializer, description=meaning)
            found.setdefault(status, self._get_response_for_code(described, status, media_types=[PROBLEM]))
        return found
