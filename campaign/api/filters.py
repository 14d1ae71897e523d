"""What can be asked of the lists of the campaign."""

import django_filters

from campaign.models import Campaign, CampaignAction, Commitment, Pillar
from config.kit.parameters import ISODateFilter, SlugListFilter
from treaties.api.fields import StateListFilter


class CampaignActionFilters(django_filters.FilterSet):
    campaign = SlugListFilter(queryset=Campaign.objects.all(), key="slug", field_name="pillar__campaign")
    pillar = SlugListFilter(queryset=Pillar.objects.all(), key="slug")
    state = StateListFilter(field_name="states")
    kind = django_filters.MultipleChoiceFilter(choices=CampaignAction.Kind.choices)
    status = django_filters.MultipleChoiceFilter(choices=CampaignAction.Status.choices)
    after = ISODateFilter(field_name="date", lookup_expr="gte", help_text="On or after the day.")
    before = ISODateFilter(field_name="date", lookup_expr="lte", help_text="On or before the day.")

    class Meta:
        model = CampaignAction
        fields: list[str] = []


class CommitmentFilters(django_filters.FilterSet):
    campaign = SlugListFilter(queryset=Campaign.objects.all(), key="slug", field_name="pillar__campaign")
    pillar = SlugListFilter(queryset=Pillar.objects.all(), key="slug")
    state = StateListFilter(field_name="by_state")
    status = django_filters.MultipleChoiceFilter(choices=Commitment.Status.choices)
    after = ISODateFilter(field_name="announced_on", lookup_expr="gte", help_text="Announced on or after the day.")
    before = ISODateFilter(field_name="announced_on", lookup_expr="lte", help_text="Announced on or before the day.")

    class Meta:
        model = Commitment
        fields: list[str] = []
