"""Filters of the news endpoints. They search public statements only."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from campaign.models import Campaign
from config.kit.parameters import ISODateFilter, LanguageFilter, SlugListFilter
from news.facts.figures import contradicted_statements
from news.models import Statement
from news.models.statements import public_languages, public_speakers
from treaties.api.fields import StateListFilter
from treaties.models import Treaty


class StatementFilters(django_filters.FilterSet):
    kind = django_filters.MultipleChoiceFilter(choices=Statement.Kind.choices)
    state = StateListFilter(field_name="states")
    treaty = SlugListFilter(queryset=Treaty.objects.all(), key="slug", field_name="articles__treaty")
    campaign = SlugListFilter(queryset=Campaign.objects.all(), key="slug")
    speaker = SlugListFilter(queryset=public_speakers, key="pk")
    language = LanguageFilter(used=public_languages, lookup_expr="iexact")
    after = ISODateFilter(field_name="dated_on", lookup_expr="gte", help_text="On or after the day.")
    before = ISODateFilter(field_name="dated_on", lookup_expr="lte", help_text="On or before the day.")

    contradicted = django_filters.ChoiceFilter(
        choices=[("true", "true"), ("false", "false")],
        method="by_its_numbers",
        help_text="Cites a number that the ledger contradicts for its day.",
    )

    class Meta:
        model = Statement
        fields: list[str] = []

    def by_its_numbers(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        found = contradicted_statements(timezone.now().date())
        return queryset.filter(pk__in=found) if value == "true" else queryset.exclude(pk__in=found)
