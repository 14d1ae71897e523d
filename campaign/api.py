"""The campaign as an API. Targets of calls are computed from the ledger; backing never names a person."""

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaign.backing import backing_of
from campaign.models import Campaign, CampaignAction, Commitment, FollowUp, Pillar
from campaign.targets import targets_of
from treaties.api import StateRefSerializer
from treaties.models import State
from treaties.parameters import EVERYWHERE, ISODateFilter, KeysFilter, check_names


class PillarSerializer(serializers.ModelSerializer):
    class Meta:
        model = Pillar
        fields = ["slug", "role", "title", "summary", "source_url"]


class CampaignSerializer(serializers.ModelSerializer):
    treaties = serializers.SlugRelatedField("slug", many=True, read_only=True)
    pillars = PillarSerializer(many=True)
    url = serializers.HyperlinkedIdentityField(view_name="api:campaign-detail", lookup_field="slug")
    page = serializers.SerializerMethodField(help_text="The campaign's page for people.")

    class Meta:
        model = Campaign
        fields = [
            "slug",
            "title",
            "title_note",
            "summary",
            "announced_by",
            "announced_on",
            "launched_on",
            "window_starts_on",
            "window_ends_on",
            "treaties",
            "pillars",
            "result",
            "result_note",
            "source_url",
            "url",
            "page",
        ]

    def get_page(self, campaign: Campaign) -> str:
        return self.context["request"].build_absolute_uri(campaign.get_absolute_url())


class ArticleRefSerializer(serializers.Serializer):
    treaty = serializers.SlugField(source="treaty.slug")
    article = serializers.IntegerField(source="number")


class CampaignActionSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugField(source="pillar.campaign.slug")
    pillar = serializers.SlugRelatedField("slug", read_only=True)
    target_treaty = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    states = StateRefSerializer(many=True)
    articles = ArticleRefSerializer(many=True)
    target_states = serializers.SerializerMethodField(
        help_text="The States that the call is aimed at today, computed from the ledger; null without a live target."
    )

    class Meta:
        model = CampaignAction
        fields = [
            "slug",
            "campaign",
            "pillar",
            "kind",
            "title",
            "summary",
            "date",
            "end_date",
            "date_precision",
            "place",
            "who",
            "status",
            "direction",
            "official",
            "audience",
            "target_rule",
            "target_treaty",
            "target_states",
            "states",
            "articles",
            "doubt",
            "source_url",
        ]

    @extend_schema_field(StateRefSerializer(many=True, allow_null=True))
    def get_target_states(self, row: CampaignAction) -> list[dict[str, Any]] | None:
        found = self.context["targets"].get(row.pk)
        return None if found is None else list(StateRefSerializer(found, many=True).data)


class FollowUpSerializer(serializers.ModelSerializer):
    class Meta:
        model = FollowUp
        fields = ["on", "status", "text", "evidence_url"]


class CommitmentSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugField(source="pillar.campaign.slug")
    pillar = serializers.SlugRelatedField("slug", read_only=True)
    by_state = StateRefSerializer(allow_null=True)
    overdue = serializers.SerializerMethodField(help_text="Due before today and not settled.")
    follow_ups = FollowUpSerializer(many=True)

    class Meta:
        model = Commitment
        fields = [
            "slug",
            "campaign",
            "pillar",
            "by_state",
            "by_organization",
            "title",
            "announced_on",
            "date_precision",
            "due_on",
            "status",
            "overdue",
            "target_amount",
            "target_unit",
            "follow_ups",
            "doubt",
            "source_url",
        ]

    def get_overdue(self, commitment: Commitment) -> bool:
        return commitment.is_overdue(timezone.now().date())


class BackingByStateSerializer(serializers.Serializer):
    state = StateRefSerializer()
    confirmed = serializers.IntegerField()


class BackingByDaySerializer(serializers.Serializer):
    day = serializers.DateField()
    confirmed = serializers.IntegerField()


class BackingSerializer(serializers.Serializer):
    """Confirmed pledges only. A State with fewer than five is counted in `other`, as are those who named none."""

    confirmed = serializers.IntegerField()
    by_state = BackingByStateSerializer(many=True)
    other = serializers.IntegerField()
    by_day = BackingByDaySerializer(many=True)
    demonstration = serializers.BooleanField(help_text="True where the numbers contain demonstration data.")


class CampaignViewSet(viewsets.ReadOnlyModelViewSet):
    """Campaigns with their pillars."""

    queryset = Campaign.objects.prefetch_related("treaties", "pillars")
    serializer_class = CampaignSerializer
    lookup_field = "slug"
    lookup_value_regex = "[-a-z0-9]+"
    ordering_fields = ["announced_on", "slug"]
    search_fields = ["title", "summary"]

    @extend_schema(responses=BackingSerializer, filters=False)
    @action(detail=True)
    def backing(self, request: Request, slug: str) -> Response:
        """How many people back the campaign."""
        check_names(request.query_params, EVERYWHERE)
        found = backing_of(self.get_object())
        answer = {
            "confirmed": found.confirmed,
            "by_state": [{"state": state, "confirmed": n} for state, n in found.by_state],
            "other": found.other,
            "by_day": [{"day": day, "confirmed": n} for day, n in found.by_day],
            "demonstration": found.is_demonstration,
        }
        return Response(BackingSerializer(answer).data)


class CampaignActionFilters(django_filters.FilterSet):
    campaign = KeysFilter(queryset=Campaign.objects.all(), key="slug", field_name="pillar__campaign")
    pillar = KeysFilter(queryset=Pillar.objects.all(), key="slug")
    state = KeysFilter(queryset=State.objects.all(), key="iso3", field_name="states")
    kind = django_filters.MultipleChoiceFilter(choices=CampaignAction.Kind.choices)
    status = django_filters.MultipleChoiceFilter(choices=CampaignAction.Status.choices)
    after = ISODateFilter(field_name="date", lookup_expr="gte", help_text="On or after the day.")
    before = ISODateFilter(field_name="date", lookup_expr="lte", help_text="On or before the day.")

    class Meta:
        model = CampaignAction
        fields: list[str] = []


class CampaignActionViewSet(viewsets.ReadOnlyModelViewSet):
    """Calls to action with their live targets, events, milestones and deliveries."""

    queryset = CampaignAction.objects.for_display().order_by("-date", "-id")
    serializer_class = CampaignActionSerializer
    filterset_class = CampaignActionFilters
    lookup_field = "slug"
    lookup_value_regex = "[-a-z0-9]+"
    ordering_fields = ["date", "slug"]
    ordering = ["-date", "-id"]
    search_fields = ["title", "summary", "who", "place"]

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        context["targets"] = targets_of(CampaignAction.objects.calls(), timezone.now().date())
        return context


class CommitmentFilters(django_filters.FilterSet):
    campaign = KeysFilter(queryset=Campaign.objects.all(), key="slug", field_name="pillar__campaign")
    pillar = KeysFilter(queryset=Pillar.objects.all(), key="slug")
    state = KeysFilter(queryset=State.objects.all(), key="iso3", field_name="by_state")
    status = django_filters.MultipleChoiceFilter(choices=Commitment.Status.choices)
    after = ISODateFilter(field_name="announced_on", lookup_expr="gte", help_text="Announced on or after the day.")
    before = ISODateFilter(field_name="announced_on", lookup_expr="lte", help_text="Announced on or before the day.")

    class Meta:
        model = Commitment
        fields: list[str] = []


class CommitmentViewSet(viewsets.ReadOnlyModelViewSet):
    """What States and organizations have promised, with follow-ups."""

    queryset = Commitment.objects.for_display()
    serializer_class = CommitmentSerializer
    filterset_class = CommitmentFilters
    lookup_field = "slug"
    lookup_value_regex = "[-a-z0-9]+"
    ordering_fields = ["announced_on", "due_on", "slug"]
    ordering = ["-announced_on", "-id"]
    search_fields = ["title", "by_organization", "by_state__name"]
