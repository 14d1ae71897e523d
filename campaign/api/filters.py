"""What can be asked of the lists of the campaign."""

from datetime import date

import django_filters
from django.db.models import QuerySet

from campaign.models import Campaign, CampaignAction, Commitment, Endorsement, Pillar, Position
from config.kit.parameters import ISODateFilter, ISOMomentFilter, SlugListFilter, TruthFilter
from treaties.api.fields import StateListFilter
from treaties.models import Treaty


class CampaignActionFilters(django_filters.FilterSet):
    campaign = SlugListFilter(queryset=Campaign.objects.all(), key="slug", field_name="pillar__campaign")
    pillar = SlugListFilter(queryset=Pillar.objects.all(), key="slug")
    state = StateListFilter(field_name="states")
    kind = django_filters.MultipleChoiceFilter(choices=CampaignAction.Kind.choices)
    status = django_filters.MultipleChoiceFilter(choices=CampaignAction.Status.choices)
    after = ISODateFilter(field_name="date", lookup_expr="gte", help_text="On or after the day.")
    before = ISODateFilter(field_name="date", lookup_expr="lte", help_text="On or before the day.")
    on = ISODateFilter(method="keep_all", help_text="The day of `target_states`. Default: today (UTC).")
    known_at = ISOMomentFilter(method="keep_all", help_text="What the record held then of them. Default: now.")

    class Meta:
        model = CampaignAction
        fields: list[str] = []

    def keep_all(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset


class CommitmentFilters(django_filters.FilterSet):
    campaign = SlugListFilter(queryset=Campaign.objects.all(), key="slug", field_name="pillar__campaign")
    pillar = SlugListFilter(queryset=Pillar.objects.all(), key="slug")
    state = StateListFilter(field_name="by_state")
    status = django_filters.MultipleChoiceFilter(choices=Commitment.Status.choices)
    overdue = TruthFilter("overdue", help_text="Due before today and not settled.")
    silent = TruthFilter("silent", help_text="Not settled, and nobody has spoken of it for a year.")
    after = ISODateFilter(field_name="announced_on", lookup_expr="gte", help_text="Announced on or after the day.")
    before = ISODateFilter(field_name="announced_on", lookup_expr="lte", help_text="Announced on or before the day.")

    class Meta:
        model = Commitment
        fields: list[str] = []


class EndorsementFilters(django_filters.FilterSet):
    campaign = SlugListFilter(queryset=Campaign.objects.all(), key="slug")
    state = StateListFilter(field_name="state")
    kind = django_filters.MultipleChoiceFilter(choices=Endorsement.Kind.choices)
    after = ISODateFilter(field_name="endorsed_on", lookup_expr="gte", help_text="Endorsed on or after the day.")
    before = ISODateFilter(field_name="endorsed_on", lookup_expr="lte", help_text="Endorsed on or before the day.")

    class Meta:
        model = Endorsement
        fields: list[str] = []


class PositionFilters(django_filters.FilterSet):
    treaty = SlugListFilter(queryset=Treaty.objects.all(), key="slug")
    state = StateListFilter(
        field_name="states", help_text="Said by the State, by its code or a name; repeat for several."
    )
    about = StateListFilter(
        field_name="about", help_text="Said about the State, by its code or a name; repeat for several."
    )
    kind = django_filters.MultipleChoiceFilter(choices=Position.Kind.choices)
    after = ISODateFilter(field_name="said_on", lookup_expr="gte", help_text="Said on or after the day.")
    before = ISODateFilter(field_name="said_on", lookup_expr="lte", help_text="Said on or before the day.")

    class Meta:
        model = Position
        fields: list[str] = []
