"""Filters of the news endpoints. They search public statements only."""

import django_filters

from campaign.models import Campaign
from config.kit.parameters import ISODateFilter, LanguageFilter, SlugListFilter
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

    class Meta:
        model = Statement
        fields: list[str] = []
