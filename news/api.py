"""The news as an API: what is public, and nothing else."""

from typing import Any, cast

import django_filters
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, inline_serializer
from rest_framework import exceptions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaign.api.shapes import ArticleKey
from campaign.models import Campaign
from news import changes, newsroom
from news.facts import CheckedFigure, check_figures, fill
from news.markdown import to_html
from news.models import Correction, Quotation, Speaker, Statement
from news.querysets import PUBLIC_STATES
from treaties.api import StateRefSerializer
from treaties.api.writing import Conflict, StateKey, Writer, WrittenViewSet, refuse_unknown
from treaties.models import State, Treaty
from treaties.parameters import EVERYWHERE, ISODateFilter, KeysFilter, check_names, page_size


class SpeakerOnDaySerializer(serializers.Serializer):
    """Who speaks, with the role held on the day of the statement."""

    id = serializers.IntegerField(source="speaker.pk")
    name = serializers.CharField(source="speaker.name")
    role = serializers.CharField(source="role.role", default=None, allow_null=True)
    organization = serializers.CharField(source="role.organization", default=None, allow_null=True)


class FigureSerializer(serializers.Serializer):
    """A number cited, what the ledger says of that day, and what it says today."""

    text = serializers.CharField(source="figure.text")
    treaty = serializers.SlugField(source="figure.treaty.slug")
    query = serializers.CharField(source="figure.query")
    on = serializers.DateField(source="figure.on")
    cited = serializers.IntegerField(
        source="figure.value",
        allow_null=True,
        help_text="The number in the text; null where the text has the ledger's own.",
    )
    then = serializers.IntegerField(help_text="The ledger's number on that day.")
    now = serializers.IntegerField(help_text="The ledger's number today.")
    holds = serializers.BooleanField(help_text="The number cited is the ledger's for that day.")
    note = serializers.CharField(source="figure.note", help_text="What is to be said where it does not hold.")


class QuotationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Quotation
        fields = ["text", "note", "source_url"]


class CorrectionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Correction
        fields = ["made_at", "text"]


class StatementSerializer(serializers.ModelSerializer):
    """A statement as lists show it."""

    speaker = serializers.SerializerMethodField()
    campaign = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    states = StateRefSerializer(many=True)
    treaties = serializers.SerializerMethodField()
    url = serializers.HyperlinkedIdentityField(view_name="api:statement-detail", lookup_field="slug")
    page = serializers.SerializerMethodField(help_text="The statement's page for people.")
    body = serializers.SerializerMethodField(help_text="The text as Markdown, its figures computed.")
    body_html = serializers.SerializerMethodField(help_text="The same as HTML, sanitised.")
    withdrawn = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField(help_text="Cited numbers, then and now.")
    quotations = QuotationSerializer(many=True)
    corrections = CorrectionSerializer(many=True)

    class Meta:
        model = Statement
        fields = [
            "slug",
            "kind",
            "symbol",
            "title",
            "dated_on",
            "date_note",
            "language",
            "speaker",
            "byline",
            "stance",
            "campaign",
            "states",
            "treaties",
            "body",
            "body_html",
            "figures",
            "quotations",
            "corrections",
            "withdrawn",
            "withdrawn_reason",
            "publish_at",
            "source_url",
            "source_note",
            "url",
            "page",
        ]

    @extend_schema_field(SpeakerOnDaySerializer(allow_null=True))
    def get_speaker(self, statement: Statement) -> dict[str, Any] | None:
        return SpeakerOnDaySerializer(statement).data if statement.speaker else None

    @extend_schema_field(FigureSerializer(many=True))
    def get_figures(self, statement: Statement) -> list[dict[str, Any]]:
        return list(FigureSerializer(self.context["figures"].get(statement.pk, []), many=True).data)

    def get_treaties(self, statement: Statement) -> list[str]:
        return sorted({a.treaty.slug for a in statement.articles.all()})

    def get_page(self, statement: Statement) -> str:
        return self.context["request"].build_absolute_uri(statement.get_absolute_url())

    def get_body(self, statement: Statement) -> str:
        return str(statement.told)

    def get_body_html(self, statement: Statement) -> str:
        return to_html(statement.told)

    def get_withdrawn(self, statement: Statement) -> bool:
        return statement.workflow == Statement.Workflow.WITHDRAWN


def public_speakers() -> QuerySet[Speaker]:
    """Those who speak in what is public now: a speaker of drafts alone is unknown outside."""
    return Speaker.objects.filter(statements__in=Statement.objects.public()).distinct()


class StatementFilters(django_filters.FilterSet):
    kind = django_filters.MultipleChoiceFilter(choices=Statement.Kind.choices)
    state = KeysFilter(queryset=State.objects.all(), key="iso3", field_name="states")
    treaty = KeysFilter(queryset=Treaty.objects.all(), key="slug", field_name="articles__treaty")
    campaign = KeysFilter(queryset=Campaign.objects.all(), key="slug")
    speaker = KeysFilter(queryset=public_speakers, key="pk")
    language = django_filters.CharFilter(lookup_expr="iexact")
    after = ISODateFilter(field_name="dated_on", lookup_expr="gte", help_text="On or after the day.")
    before = ISODateFilter(field_name="dated_on", lookup_expr="lte", help_text="On or before the day.")

    class Meta:
        model = Statement
        fields: list[str] = []


class StatementWriter(Writer):
    """A draft as an editor writes it. It moves on by the doors of the newsroom alone."""

    speaker = serializers.PrimaryKeyRelatedField(queryset=Speaker.objects.all(), required=False, allow_null=True)
    campaign = serializers.SlugRelatedField("slug", queryset=Campaign.objects.all(), required=False, allow_null=True)
    translation_of = serializers.SlugRelatedField(
        "slug", queryset=Statement.objects.all(), required=False, allow_null=True
    )
    states = StateKey(many=True, required=False)
    articles = serializers.ListField(child=ArticleKey(), required=False)

    class Meta:
        model = Statement
        fields = [
            "slug",
            "kind",
            "symbol",
            "title",
            "body",
            "language",
            "translation_of",
            "dated_on",
            "date_note",
            "speaker",
            "byline",
            "stance",
            "campaign",
            "states",
            "articles",
            "source_url",
            "source_note",
            "publish_at",
        ]

    def save(self, **kwargs: Any) -> Model:
        editor = self.context["request"].user
        if self.instance is None:
            self.validated_data["author"] = editor
        else:
            self.instance = newsroom.edited(self.instance)
        return super().save(**kwargs)


class DraftSerializer(serializers.ModelSerializer):
    """A statement as its editors see it, whatever its state of work."""

    states = StateRefSerializer(many=True)
    url = serializers.HyperlinkedIdentityField(view_name="api:statement-detail", lookup_field="slug")

    class Meta:
        model = Statement
        fields = [
            "slug",
            "kind",
            "symbol",
            "title",
            "body",
            "language",
            "dated_on",
            "workflow",
            "publish_at",
            "states",
            "url",
        ]


class MoveSerializer(serializers.Serializer):
    """A move of the newsroom."""

    move = serializers.ChoiceField(list(newsroom.DOORS))
    reason = serializers.CharField(required=False, default="", allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown(data, set(self.fields))
        return super().to_internal_value(data)


class ChangeFeedEntrySerializer(serializers.Serializer):
    """Something became public, was corrected or was withdrawn."""

    at = serializers.DateTimeField()
    change = serializers.ChoiceField(["published", "corrected", "withdrawn"])
    kind = serializers.ChoiceField(["treaty_action", "statement", "campaign_action", "commitment"])
    key = serializers.CharField()
    url = serializers.URLField(help_text="The thing as it is now.")


class ChangeFeedViewSet(viewsets.ViewSet):
    """Everything that became public, was corrected or was withdrawn, in order, each once."""

    serializer_class = ChangeFeedEntrySerializer

    @extend_schema(
        responses=inline_serializer(
            "ChangeFeed",
            {
                "next": serializers.URLField(allow_null=True, help_text="Null where nothing more has happened yet."),
                "cursor": serializers.CharField(allow_null=True, help_text="Keep it, and ask with it next time."),
                "results": ChangeFeedEntrySerializer(many=True),
            },
        ),
        parameters=[
            OpenApiParameter("cursor", str, description="Where the last answer ended."),
            OpenApiParameter("page_size", int, description="At most 500; 50 if not given."),
        ],
    )
    def list(self, request: Request) -> Response:
        """From the beginning, or from a cursor on. An answer without results keeps the cursor."""
        check_names(request.query_params, {*EVERYWHERE, "cursor", "page_size"})
        size = page_size(request, 50, 500)
        given = request.query_params.get("cursor")
        try:
            after = changes.read_cursor(given) if given else None
        except ValueError as error:
            raise exceptions.ValidationError({"cursor": [_("This cursor is not one that this list gave.")]}) from error
        found = changes.changes(after, timezone.now(), size + 1)
        shown = found[:size]
        cursor: str = changes.cursor_after(shown[-1]) if shown else given or ""
        more = len(found) > size
        address = request.build_absolute_uri(request.path)
        answer = {
            "next": f"{address}?{urlencode({'cursor': cursor, 'page_size': str(size)})}" if more else None,
            "cursor": cursor or None,
            "results": ChangeFeedEntrySerializer(changes.addresses(shown, request.build_absolute_uri), many=True).data,
        }
        return Response(answer)


class StatementViewSet(WrittenViewSet):
    """Published statements. An editor's token writes drafts, which nobody else sees before they are published."""

    queryset = Statement.objects.all()
    writer_class = StatementWriter

    serializer_class = StatementSerializer
    filterset_class = StatementFilters
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    ordering_fields = ["dated_on", "publish_at", "slug"]
    ordering = ["-dated_on", "-id"]
    search_fields = ["title", "body", "symbol", "speaker__name", "quotations__text"]

    def get_queryset(self) -> QuerySet[Statement]:
        return Statement.objects.public().for_page().newest_first()

    def get_object(self) -> Statement:
        """To read: what is public. To change: what is still to become public."""
        if self.request.method != "PATCH":
            found: Statement = super().get_object()
            return found
        return get_object_or_404(Statement.objects.exclude(workflow__in=PUBLIC_STATES), slug=self.kwargs["slug"])

    def shown(self, row: Model) -> Any:
        return DraftSerializer(row, context=self.get_serializer_context()).data

    @extend_schema(request=MoveSerializer, responses=DraftSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="moves")
    def move(self, request: Request, slug: str) -> Response:
        """Move a statement on, by the same doors as in the admin: submit, approve, publish, withdraw and the rest."""
        given = MoveSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        statement = get_object_or_404(Statement.objects.all(), slug=slug)
        if not request.user.has_perm("news.change_statement"):
            raise exceptions.PermissionDenied
        try:
            moved = newsroom.move(
                given.validated_data["move"],
                statement,
                by=cast(User, request.user),
                reason=given.validated_data["reason"],
            )
        except newsroom.NewsroomError as refusal:
            raise Conflict(str(refusal)) from refusal
        return Response(self.shown(moved))

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """With the figures of all the statements of an answer, checked together."""
        context = kwargs.setdefault("context", self.get_serializer_context())
        statements = (args[0] if kwargs.get("many") else [args[0]]) if args else []
        day = timezone.now().date()
        fill(statements, day)
        figures = [figure for statement in statements for figure in statement.figures.all()]
        checked = by_statement(check_figures(figures, day))
        context["figures"] = {s.pk: [*checked.get(s.pk, []), *s.tagged] for s in statements}
        return self.get_serializer_class()(*args, **kwargs)


def by_statement(checked: list[CheckedFigure]) -> dict[int, list[CheckedFigure]]:
    found: dict[int, list[CheckedFigure]] = {}
    for item in checked:
        found.setdefault(item.figure.statement_id, []).append(item)
    return found
