"""API views of the news. Readers get public statements only; an editor's token also reaches drafts."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from config.kit.api.idempotency import Conflict
from config.kit.api.writing import WritableViewSet, check_if_match
from config.kit.models.row_versions import Part, by_name, parts_of
from config.kit.parameters import EVERYWHERE, check_names
from news.api.filters import StatementFilters
from news.api.serializers import (
    DraftSerializer,
    MoveSerializer,
    StatementSerializer,
    StatementWriteSerializer,
)
from news.facts.figures import CheckedFigure, check_figures, render_figures
from news.models import Statement
from news.models.choices import PUBLIC_STATES
from news.newsroom import contents, public_changes, workflow

IF_MATCH_TO_MOVE = "Needed to approve and to publish: the `ETag` of the answer in which you saw the text."


@extend_schema_view(
    create=extend_schema(responses={201: DraftSerializer}), partial_update=extend_schema(responses=DraftSerializer)
)
class StatementViewSet(WritableViewSet):
    """Published statements, each once: in the language of the answer where it is translated, else as it was written.

    With `language` all texts in that language. An editor's token writes drafts, which nobody else sees before they are published.
    """

    queryset = Statement.objects.all()
    write_serializer_class = StatementWriteSerializer

    serializer_class = StatementSerializer
    entry_serializers = {"move": DraftSerializer}
    filterset_class = StatementFilters
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    ordering_fields = ["dated_on", "publish_at", "slug"]
    ordering = ["-dated_on", "-id"]
    search_fields = ["title", "body", "symbol", "speaker__name", "quotations__text"]

    def get_queryset(self) -> QuerySet[Statement]:
        return Statement.objects.public().for_page().newest_first()

    def filter_queryset(self, queryset: Any) -> Any:
        """Of a list each statement once, in the language that is asked for, unless its texts in one language are."""
        found: Any = super().filter_queryset(queryset)
        if self.detail or "language" in self.request.query_params:
            return found
        return found.each_once() if "search" in self.request.query_params else found.for_reader_here()

    def get_object(self) -> Statement:
        """To read: what is public. To change: what is still to become public."""
        if self.request.method != "PATCH":
            found: Statement = super().get_object()
            return found
        return get_object_or_404(Statement.objects.exclude(workflow__in=PUBLIC_STATES), slug=self.kwargs["slug"])

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A statement; from an address that it had before, the way to the one of today."""
        moved = Statement.objects.public().filter(old_slugs__slug=self.kwargs["slug"]).first()
        if moved is not None and moved.slug != self.kwargs["slug"]:
            location = reverse("api:statement-detail", args=[moved.slug], request=request)
            return Response(status=status.HTTP_301_MOVED_PERMANENTLY, headers={"Location": location})
        return super().retrieve(request, *args, **kwargs)

    def shown(self, row: Model) -> Any:
        return DraftSerializer(row, context=self.get_serializer_context()).data

    def location_of(self, row: Any, shown: Any) -> str:
        """A draft is read where it is moved on: nobody else sees it."""
        return reverse("api:statement-move", args=[row.slug], request=self.request)

    def parts_of(self, row: Any) -> list[Part]:
        return parts_of(row, named=by_name) + contents.moment_and_contents_of(row, by_name)

    @extend_schema(methods=["GET"], responses=DraftSerializer, filters=False)
    @extend_schema(
        methods=["POST"],
        request=MoveSerializer,
        responses=DraftSerializer,
        filters=False,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description=IF_MATCH_TO_MOVE)],
    )
    @action(detail=True, methods=["get", "post"], url_path="moves")
    def move(self, request: Request, slug: str) -> Response:
        """Move a statement on, by the same doors as in the admin: submit, approve, publish, withdraw and the rest.

        GET shows the text as its editors see it. Its `ETag` is what approving and publishing ask for as `If-Match`: what is
        approved is what was shown.
        """
        check_names(request.query_params, EVERYWHERE)
        if not request.user:
            raise exceptions.NotAuthenticated(_("Drafts are read with an editor's access token."))
        if not request.user.has_perm("news.change_statement"):
            raise exceptions.PermissionDenied
        statement = get_object_or_404(Statement.objects.for_page(), slug=slug)
        if request.method == "GET":
            return self.versioned(Response(self.shown(statement)), statement)
        given = MoveSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        transition = workflow.TRANSITIONS[given.validated_data["move"]]
        seen = None
        by = cast(User, request.user)
        if cannot := workflow.refusal_of(transition, statement, by):
            raise Conflict(cannot)
        if transition.needs_seen:
            check_if_match(request, self.parts_of(statement), any_version=False)
            seen = contents.fingerprint_of(statement)
        try:
            if transition is workflow.WITHDRAW:
                public_changes.withdraw(statement, reason=given.validated_data["reason"], by=by)
                statement = self._again(statement)
                return self.versioned(Response(self.shown(statement)), statement)
            moved = workflow.apply_by_name(
                transition.name,
                statement,
                by=by,
                reason=given.validated_data["reason"],
                seen=seen,
            )
        except workflow.NewsroomError as refusal:
            raise Conflict(str(refusal)) from refusal
        return self.versioned(Response(self.shown(moved)), moved)

    @staticmethod
    def _again(statement: Statement) -> Statement:
        return Statement.objects.for_page().get(pk=statement.pk)

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """With the figures of all the statements of an answer, checked together."""
        context = kwargs.setdefault("context", self.get_serializer_context())
        statements = (args[0] if kwargs.get("many") else [args[0]]) if args else []
        day = timezone.now().date()
        render_figures(statements, day)
        figures = [figure for statement in statements for figure in statement.figures.all()]
        checked = by_statement(check_figures(figures, day))
        context["figures"] = {s.pk: [*checked.get(s.pk, []), *s.tag_figures] for s in statements}
        return self.get_serializer_class()(*args, **kwargs)


def by_statement(checked: list[CheckedFigure]) -> dict[int, list[CheckedFigure]]:
    found: dict[int, list[CheckedFigure]] = {}
    for item in checked:
        found.setdefault(item.figure.statement_id, []).append(item)
    return found
