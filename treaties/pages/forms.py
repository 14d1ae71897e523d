"""Forms that read the query parameters of pages and endpoints."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.kit.incoming.form_fields import LineField, ProseField
from config.kit.pages.visitor_forms import VisitorForm
from config.kit.parameters import ISODateField, ISOMomentField
from treaties.api.fields import StateListField
from treaties.models import (
    DeclarationChoices,
    GroupChoices,
    ObligationChoices,
    ObligationStatusChoices,
    State,
    StatusChoices,
)
from treaties.status.suppositions import Step, Supposed

SORTS = {
    "state": _("State"),
    "status": _("Status"),
    "signed": _("Signed"),
    "consent": _("Consent"),
    "in_force": _("In force"),
    "withdrawal": _("Withdrawal"),
}


def regions() -> list[tuple[str, str]]:
    """Regions and subregions of the States, as choices."""
    pairs = State.objects.order_by("region", "subregion").values_list("region", "subregion").distinct()
    found: dict[str, list[str]] = {}
    for region, subregion in pairs:
        found.setdefault(region, [region]).append(subregion)
    return [
        (name, gettext(name) if name == region else f"– {gettext(name)}")
        for region, names in found.items()
        for name in names
    ]


class CitationChoices(models.TextChoices):
    """The forms in which an answer can be cited."""

    BIBTEX = "bibtex", "BibTeX"
    CSL = "csl", "CSL-JSON"
    TEXT = "text", _("Plain text")


class KnownAt(forms.Form):
    """The moment at which the record is to be read; a form keeps it, and links change it."""

    known_at = ISOMomentField(required=False, label=_("As known at (UTC)"), widget=forms.HiddenInput)


class Cited(KnownAt):
    """What can be cited besides."""

    cite = forms.ChoiceField(
        required=False, choices=CitationChoices.choices, label=_("Citation"), widget=forms.HiddenInput
    )


class DayForm(forms.Form):
    """The date of a page; where the query names none, the field shows the date that the page uses."""

    on = ISODateField(required=False, label=_("As of"))

    def __init__(self, data: QueryDict, default_day: date) -> None:
        filled = data.copy()
        if not filled.get("on"):
            filled["on"] = default_day.isoformat()
        super().__init__(filled)


class PinnedForm(KnownAt, DayForm):
    """A day, and the moment at which the record is to be read."""


class CitedForm(Cited, DayForm):
    """The same, for a page that can be cited."""


class WatchForm(CitedForm):
    """The withdrawal watch, with a supposition about States that have announced to leave."""

    leave = StateListField(required=False, label=_("If these States left too"))


class LedgerForm(forms.Form):
    """The record as it was known at a moment, opened where one row stands."""

    row = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    known_at = ISOMomentField(
        required=False,
        label=_("As known at (UTC)"),
        widget=forms.TextInput(attrs={"placeholder": "2026-01-31T12:00:00Z"}),
    )


class RegionField(forms.ChoiceField):
    """A region or subregion that some State lies in."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=lambda: [("", _("All regions")), *regions()], required=False, label=_("Region"), **kwargs
        )


class OneOrMore(forms.SelectMultiple):
    """A list from which one thing is chosen; an address that names several shows them all."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if len(value or []) < 2:
            context["widget"]["attrs"].pop("multiple", None)
        return context


class GroupField(forms.MultipleChoiceField):
    """Groups of States, of one of which a State must be a member on the day asked about."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("", _("All States")), *GroupChoices.choices]
        super().__init__(required=False, choices=choices, label=_("Group"), widget=OneOrMore, **kwargs)

    def to_python(self, value: Any) -> list[str]:
        return [chosen for chosen in super().to_python(value) if chosen]


class FigureForm(CitedForm):
    """Where the figure stands: its day, the day that it is compared with, the view, the region, the groups."""

    compare = ISODateField(required=False, label=_("Compare with"), widget=forms.HiddenInput)
    view = forms.ChoiceField(
        required=False,
        choices=[("map", _("Map")), ("chart", _("Chart")), ("table", _("Table"))],
        label=_("View"),
        widget=forms.HiddenInput,
    )
    region = RegionField()
    group = GroupField()


class BoardForm(FigureForm):
    """The status board of a treaty."""

    status = forms.MultipleChoiceField(
        required=False, choices=StatusChoices.choices, label=_("Status"), widget=forms.CheckboxSelectMultiple
    )
    q = LineField(required=False, label=_("State"), max_length=80)
    signed = forms.BooleanField(required=False, label=_("Only States that have signed"))
    sort = forms.ChoiceField(
        required=False,
        choices=[(s, label) for name, label in SORTS.items() for s in (name, f"-{name}")],
        label=_("Order"),
    )


class MatrixForm(CitedForm):
    """All States under all treaties."""

    region = RegionField()
    group = GroupField()


class StatesForm(CitedForm):
    """The list of States."""

    q = LineField(required=False, label=_("Name"), max_length=80)
    region = RegionField()
    group = GroupField()


class DeadlinesForm(CitedForm):
    """The dated duties under a treaty."""

    obligation = forms.ChoiceField(
        required=False, choices=[("", _("All duties")), *ObligationChoices.choices], label=_("Duty")
    )
    status = forms.ChoiceField(
        required=False,
        choices=[("", _("All that is on record")), *ObligationStatusChoices.choices],
        label=_("Status"),
    )
    region = RegionField()
    group = GroupField()


class InLocalOrder(forms.models.ModelChoiceIterator):
    """The choices of a field of States, in the order of their names in the language of the page."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for state in sorted(self.queryset, key=lambda state: state.sort_name):
            yield self.choice(state)


class StateChoiceField(forms.ModelChoiceField):
    """One of the States."""

    iterator = InLocalOrder


class SupposedField(forms.MultipleChoiceField):
    """Imagined acts, each as State:join or leave:day, for example CHN:join:2027-01-05."""

    def clean(self, value: Any) -> list[Supposed]:
        states = State.objects.in_bulk()
        found = []
        for text in value or []:
            iso3, _colon, rest = str(text).partition(":")
            step, _colon, day = rest.partition(":")
            state = states.get(iso3.upper())
            if state is None or step not in {one.value for one in Step}:
                raise ValidationError(
                    _("Not an imagined act: %(text)s. Wanted: CHN:join:2027-01-05."), params={"text": text}
                )
            on = ISODateField().clean(day)
            found.append(Supposed(state, Step(step), on))
        return list(dict.fromkeys(found))


class WhatIfForm(PinnedForm):
    """Imagined acts: those that are supposed already, and States that are ticked, with the day on which they act."""

    act = SupposedField(required=False, label=_("Supposed"))
    join = StateListField(required=False, label=_("These States join"))
    join_on = ISODateField(required=False, label=_("They deposit their consent on"))
    leave = StateListField(required=False, label=_("These States leave"))
    leave_on = ISODateField(required=False, label=_("They deposit their notice on"))


class SourceForm(VisitorForm):
    """A source that a reader sends for an open doubt."""

    source_url = forms.URLField(
        max_length=500,
        label=_("Address of the source"),
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        error_messages={
            "required": _("Give the address of a page that tells it."),
            "invalid": _("Give the address of a page."),
        },
    )
    words = ProseField(
        required=False,
        max_length=1000,
        label=_("What it says, and where"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DeclarationsForm(DayForm):
    """The texts of States about a treaty."""

    kind = forms.ChoiceField(
        required=False, choices=[("", _("All kinds")), *DeclarationChoices.choices], label=_("Kind")
    )
    group = GroupField()
    q = LineField(required=False, label=_("State"), max_length=80)


DAY_OF_EACH_YEAR = r"^((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))$"
"""MM-DD; 29 February is not a day of each year."""


class AnchorField(forms.RegexField):
    """The day of each year that is looked at, as MM-DD."""

    def __init__(self, **kwargs: Any) -> None:
        message = _("Give a day that each year has, as MM-DD: 01-01.")
        super().__init__(DAY_OF_EACH_YEAR, required=False, error_messages={"invalid": message}, **kwargs)


class _Span(Cited):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last and first > last:
            message = _("The first day is after the last.")
            self.add_error("from", forms.ValidationError(message, code="ends_before_it_begins"))
        return cleaned


# "from" is a word of the contract and of Python.
SpanForm = type(
    "SpanForm",
    (_Span,),
    {
        "from": ISODateField(required=False, label=_("From")),
        "to": ISODateField(required=False, label=_("To")),
    },
)


class ChangesForm(SpanForm):  # type: ignore[misc, valid-type]
    """The changes endpoint."""


class SeriesForm(SpanForm):  # type: ignore[misc, valid-type]
    """The counts over time."""

    step = forms.ChoiceField(required=False, choices=[(s, s) for s in ("day", "month", "year", "change")])
    anchor = AnchorField()
    group = GroupField()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("anchor") and cleaned.get("step") not in ("", "year"):
            message = _("A day of each year goes with step=year alone.")
            self.add_error("anchor", forms.ValidationError(message, code="only_by_year"))
        return cleaned


class StateYearsForm(SpanForm):  # type: ignore[misc, valid-type]
    """Every State on a day of each year."""

    anchor = AnchorField()
    state = StateListField(required=False)
    group = GroupField()


class DoubtsForm(forms.Form):
    """What the record does not know on a day."""

    on = ISODateField(required=False)


class PinnedQuery(KnownAt):
    """A day and a moment, asked of an endpoint."""

    on = ISODateField(required=False)


class TreatiesForm(Cited):
    """The treaties with their counts."""

    on = ISODateField(required=False)


class StatusQueryForm(Cited):
    """The status endpoint."""

    on = ISODateField(required=False)
    status = forms.MultipleChoiceField(required=False, choices=StatusChoices.choices)
    region = RegionField()
    group = GroupField()
    state = StateListField(required=False)
    expand = forms.MultipleChoiceField(
        required=False, choices=[("explanation", "explanation"), ("evidence", "evidence")]
    )


def span_of(cleaned: dict[str, Any], default_first: date, default_last: date) -> tuple[date, date]:
    """The two days asked for, or the defaults."""
    return cleaned.get("from") or default_first, cleaned.get("to") or default_last
