"""What the lists can be filtered by."""

from datetime import date, datetime

import django_filters
from django import forms
from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from config.kit.parameters import (
    ISODateField,
    ISODateFilter,
    ISOMomentField,
    ISOMomentFilter,
    NumberListFilter,
    SlugListField,
    SlugListFilter,
)
from treaties import ledger
from treaties.api.fields import StateListField, StateListFilter
from treaties.models import (
    ActionChoices,
    Declaration,
    DeclarationChoices,
    GroupChoices,
    ObligationChoices,
    ObligationStatusChoices,
    State,
    StatusChoices,
    StepChoices,
    Treaty,
    TreatyAction,
    WithdrawalStep,
)
from treaties.status.boards import status_boards


def _places(kind: str) -> list[tuple[str, str]]:
    """The regions or subregions of the States, as choices."""
    return [(name, name) for name in State.objects.order_by(kind).values_list(kind, flat=True).distinct()]


class GroupFilters(django_filters.FilterSet):
    """Lists of States, or of what States did, narrowed to groups."""

    group = django_filters.MultipleChoiceFilter(
        choices=GroupChoices.choices,
        method="filter_group",
        help_text="States that belong to the group on the day `on`; repeat for several.",
    )
    on = ISODateFilter(method="keep_all", help_text="The day on which membership is judged. Default: today (UTC).")

    def filter_group(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        day = self.form.cleaned_data.get("on") or timezone.now().date()
        key = "pk__in" if queryset.model is State else "state__in"
        return queryset.filter(**{key: State.objects.in_groups(value, day)}) if value else queryset

    def keep_all(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset


class StateFilters(GroupFilters):
    region = django_filters.ChoiceFilter(choices=lambda: _places("region"))
    subregion = django_filters.ChoiceFilter(choices=lambda: _places("subregion"))
    un_member = django_filters.ChoiceFilter(
        choices=[("true", "true"), ("false", "false")], method="filter_member", help_text="true or false"
    )

    class Meta:
        model = State
        fields = ["region", "subregion", "un_member"]

    def filter_member(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(un_member=value == "true")


class TreatyFilters(django_filters.FilterSet):
    """The list of treaties, with the counts of a day as the record was known at a moment."""

    on = ISODateFilter(method="keep_all", help_text="The day of the counts. Default: today (UTC).")
    known_at = ISOMomentFilter(method="keep_known", help_text="What the record held then. Default: now.")

    class Meta:
        model = Treaty
        fields: list[str] = []

    def keep_known(self, queryset: QuerySet, name: str, value: datetime) -> QuerySet:
        then = ledger.known_rows(Treaty, value).order_by("position", "short_title").values_list("slug", flat=True)
        place = [When(slug=slug, then=Value(n)) for n, slug in enumerate(then)]
        known = queryset.filter(slug__in=then)
        return known.order_by(Case(*place)) if place else known

    def keep_all(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset


class TreatyActionFilters(GroupFilters):
    id = NumberListFilter(help_text="By its number, as in `evidence`; repeat for several, at most 500.")
    treaty = SlugListFilter(queryset=Treaty.objects.all(), key="slug")
    state = StateListFilter()
    action = django_filters.MultipleChoiceFilter(choices=ActionChoices.choices)
    deposited_after = ISODateFilter(
        field_name="deposited_on", lookup_expr="gte", help_text="On or after the day, or it can have been."
    )
    deposited_before = ISODateFilter(method="can_be_before", help_text="On or before the day, or it can have been.")
    effective_after = ISODateFilter(field_name="effective_on", lookup_expr="gte", help_text="On or after the day.")
    effective_before = ISODateFilter(field_name="effective_on", lookup_expr="lte", help_text="On or before the day.")
    recorded_after = ISOMomentFilter(field_name="confirmed_at", lookup_expr="gt", help_text="Counting since a moment.")

    class Meta:
        model = TreatyAction
        fields: list[str] = []

    def can_be_before(self, queryset: QuerySet, name: str, value: date) -> QuerySet:
        return queryset.filter(Q(not_before__lte=value) | Q(deposited_on__lte=value))


class DateSpanFilters(django_filters.FilterSet):
    """What the lists of dated things under a treaty are filtered by."""

    id = NumberListFilter(help_text="By its number; repeat for several, at most 500.")
    treaty = SlugListFilter(queryset=Treaty.objects.all(), key="slug")
    state = StateListFilter()


class WithdrawalStepFilters(DateSpanFilters):
    step = django_filters.MultipleChoiceFilter(choices=StepChoices.choices)
    after = ISODateFilter(field_name="date", lookup_expr="gte", help_text="On or after the day.")
    before = ISODateFilter(field_name="date", lookup_expr="lte", help_text="On or before the day.")
    status = django_filters.MultipleChoiceFilter(
        choices=StatusChoices.choices,
        method="filter_status",
        help_text="The State's status today under the treaty.",
    )

    class Meta:
        model = WithdrawalStep
        fields: list[str] = []

    def filter_status(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        today = timezone.now().date()
        chosen = queryset.none()
        for board in status_boards(Treaty.objects.filter(withdrawal_steps__isnull=False).distinct(), today):
            states = [line.state for line in board.with_status(*value)]
            chosen = chosen | queryset.filter(treaty=board.treaty, state__in=states)
        return chosen


class DeclarationFilters(DateSpanFilters):
    kind = django_filters.MultipleChoiceFilter(choices=DeclarationChoices.choices)
    after = ISODateFilter(field_name="made_on", lookup_expr="gte", help_text="On or after the day.")
    before = ISODateFilter(field_name="made_on", lookup_expr="lte", help_text="On or before the day.")

    class Meta:
        model = Declaration
        fields: list[str] = []


DUTIES_BY = ("deadline", "original_deadline", "known_to", "state", "obligation", "status", "in_force_on")
"""By what the list of duties can be ordered."""


class ObligationQuery(forms.Form):
    treaty = SlugListField(Treaty.objects.all(), "slug", required=False)
    state = StateListField(required=False)
    obligation = forms.MultipleChoiceField(required=False, choices=ObligationChoices.choices)
    status = forms.MultipleChoiceField(required=False, choices=ObligationStatusChoices.choices)
    after = ISODateField(required=False)
    before = ISODateField(required=False)
    on = ISODateField(required=False)
    known_at = ISOMomentField(required=False)
    ordering = forms.ChoiceField(
        required=False, choices=[(sign + name, name) for name in DUTIES_BY for sign in ("", "-")]
    )
