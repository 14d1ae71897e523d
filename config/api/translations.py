"""The parity board for programs: for each text that editors write, in which languages it is and which are behind."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request

from config.kit.api.exports import A_PART, AT_ONCE, Entries, exported, in_parts
from config.kit.api.pagination import Pages, wants_everything
from config.kit.formats.languages import language_tag_of
from config.kit.models.parity import BoardLine, TextState, board_kinds, names_of, translations_of
from config.kit.parameters import parse_query
from config.pages.languages import BoardForm, lines_asked


class BoardLineSerializer(serializers.Serializer):
    """One text of one thing in one language."""

    kind = serializers.ChoiceField(choices=[], help_text="As in the change feed.")
    key = serializers.CharField(help_text="The number of the thing within its kind.")
    name = serializers.CharField(help_text="What the thing is called.")
    url = serializers.URLField(help_text="The page that shows it.")
    field = serializers.CharField(help_text="Which of its texts.")
    language = serializers.CharField(help_text="BCP 47.")
    state = serializers.ChoiceField(TextState.choices)
    text = serializers.CharField(
        allow_null=True,
        help_text="The translation. Null where it is missing, and for statements, which are translated as such.",
    )
    changes_behind = serializers.IntegerField(help_text="How often the original has changed since it was translated.")
    behind_since = serializers.DateTimeField(
        allow_null=True, help_text="When the original first changed. Null where it has not, or the moment is not known."
    )
    translated_at = serializers.DateTimeField(
        allow_null=True, help_text="When the translation was last changed. Null where it is missing or official."
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        """With the kinds that the apps have registered by now."""
        kind = serializers.ChoiceField(choices=list(board_kinds()), help_text=self._declared_fields["kind"].help_text)
        return super().get_fields() | {"kind": kind}


class TranslationViewSet(viewsets.GenericViewSet):
    """Where each text stands in each language."""

    serializer_class = BoardLineSerializer
    pagination_class = Pages
    filter_backends = ()

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", {"type": "array", "items": {"type": "string"}}, description="Repeat for several."),
            OpenApiParameter(
                "language",
                {"type": "array", "items": {"type": "string", "enum": [code for code, _name in settings.LANGUAGES]}},
                description="Repeat for several.",
            ),
            OpenApiParameter(
                "state",
                {"type": "array", "items": {"type": "string", "enum": TextState.values}},
                description="Repeat for several.",
            ),
        ],
    )
    def list(self, request: Request) -> HttpResponseBase:
        """For each text that editors write: in which languages it is, which are behind their original, and since when.

        The original is in English; a statement's in its own language. What is missing is shown in its original.
        """
        lines = lines_asked(parse_query(BoardForm, request.query_params, ("page", "page_size")))
        if wants_everything(request):
            parts = (self._shown(part) for part in in_parts(lines, A_PART))
            return exported(request, self, parts, is_long=len(lines) > AT_ONCE)
        pages: Any = self.paginator
        return pages.get_paginated_response(self._shown(pages.paginate_queryset(lines, request, view=self)))

    def _shown(self, lines: Sequence[BoardLine]) -> Entries:
        names, texts = names_of(lines), translations_of(lines)
        rows = []
        for line in lines:
            name, url = names.get((line.kind, line.key), ("", "/"))
            rows.append(
                {
                    "kind": line.kind,
                    "key": line.key,
                    "name": name,
                    "url": self.request.build_absolute_uri(url),
                    "field": line.field,
                    "language": language_tag_of(line.language),
                    "state": line.state,
                    "text": texts.get(line),
                    "changes_behind": line.changes_behind,
                    "behind_since": line.since,
                    "translated_at": line.translated_at,
                }
            )
        return list(BoardLineSerializer(rows, many=True).data)
