"""Serializers of statements, figures, speakers and the change feed."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaign.api.serializers import ArticleKey
from campaign.models import Campaign
from config.kit.api.links import RowAddressField
from config.kit.api.writing import AuditedSerializer, Strict
from config.kit.pages.markdown import to_html, with_absolute_links
from news.models import Correction, Figure, Quotation, Speaker, Statement
from news.models.choices import Workflow
from news.newsroom import workflow
from treaties.api.fields import StateKey
from treaties.api.serializers import StateRefSerializer


class SpeakerOnDaySerializer(serializers.Serializer):
    """Who speaks, with the role held on the day of the statement."""

    id = serializers.IntegerField(source="speaker.pk")
    name = serializers.CharField(source="speaker.name")
    role = serializers.CharField(source="role.role", default=None, allow_null=True)
    organization = serializers.CharField(source="role.organization", default=None, allow_null=True)

    def to_representation(self, statement: Statement) -> dict[str, Any] | None:  # type: ignore[override]
        return super().to_representation(statement) if statement.speaker else None


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
    then = serializers.IntegerField(help_text="The ledger's number on that day: the least.")
    then_range = serializers.ListField(
        child=serializers.IntegerField(), help_text="The least and the most that it can have been."
    )
    now = serializers.IntegerField(help_text="The ledger's number today: the least.")
    now_range = serializers.ListField(child=serializers.IntegerField())
    holds = serializers.BooleanField(
        allow_null=True,
        help_text="The number cited is the ledger's for that day, or in its range; null where acts may be missing.",
    )
    note = serializers.CharField(source="figure.note", help_text="What is to be said where it does not hold.")


class QuotationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Quotation
        fields = ["text", "note", "source_url"]


class CorrectionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Correction
        fields = ["made_at", "text", "is_small"]


class StatementSerializer(serializers.ModelSerializer):
    """A statement as lists show it."""

    speaker = SpeakerOnDaySerializer(source="*", allow_null=True, read_only=True)
    campaign = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    states = StateRefSerializer(many=True)
    treaties = serializers.SerializerMethodField()
    url = RowAddressField(view_name="api:statement-detail", lookup_field="slug")
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

    @extend_schema_field(FigureSerializer(many=True))
    def get_figures(self, statement: Statement) -> list[dict[str, Any]]:
        return list(FigureSerializer(self.context["figures"].get(statement.pk, []), many=True).data)

    def get_treaties(self, statement: Statement) -> list[str]:
        return sorted({a.treaty.slug for a in statement.articles.all()})

    def get_page(self, statement: Statement) -> str:
        return self.context["request"].build_absolute_uri(statement.get_absolute_url())

    def get_body(self, statement: Statement) -> str:
        return with_absolute_links(str(statement.rendered_body), self.context["request"].build_absolute_uri("/"))

    def get_body_html(self, statement: Statement) -> str:
        return to_html(statement.rendered_body, site=self.context["request"].build_absolute_uri("/"))

    def get_withdrawn(self, statement: Statement) -> bool:
        return statement.workflow == Statement.Workflow.WITHDRAWN


class StatementWriteSerializer(AuditedSerializer):
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

    def write(self, values: dict[str, Any], by: User) -> Model:
        if self.instance is None:
            values["author"] = by
        else:
            self.instance = workflow.reset_review(self.instance)
        return super().write(values, by)


class DraftFigureSerializer(serializers.ModelSerializer):
    treaty = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = Figure
        fields = ["text", "treaty", "query", "on", "value", "note"]


class DraftSerializer(serializers.ModelSerializer):
    """A statement as its editors see it, whatever its state of work."""

    workflow = serializers.ChoiceField(Workflow.choices, source="stage")
    states = StateRefSerializer(many=True)
    speaker = serializers.CharField(source="speaker.name", allow_null=True, default=None)
    quotations = QuotationSerializer(many=True)
    figures = DraftFigureSerializer(many=True)
    url = RowAddressField(view_name="api:statement-detail", lookup_field="slug")

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
            "date_note",
            "speaker",
            "byline",
            "stance",
            "workflow",
            "publish_at",
            "states",
            "quotations",
            "figures",
            "source_url",
            "source_note",
            "url",
        ]


_BY_NAME = [name for name in workflow.TRANSITIONS if name != workflow.CORRECT.name]
"""A correction has more to say than a name and a reason."""


class MoveSerializer(Strict):
    """A move of the newsroom."""

    move = serializers.ChoiceField(_BY_NAME)
    reason = serializers.CharField(required=False, default="", allow_blank=True)
