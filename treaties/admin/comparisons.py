"""Comparisons of the ledger with the Depositary's tables, and their differences."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.kit.admin_base import ReadOnlyInline, RecordAdmin, apply_to_each, apply_to_shown, staff_user
from treaties.ledger import comparing
from treaties.models import (
    Comparison,
    Difference,
)


class ComparisonForm(forms.ModelForm):
    """A new comparison: the Depositary's table is read and checked here."""

    table = forms.FileField(
        label=_("The Depositary's table"),
        help_text=_(
            "The page of the UN Treaty Collection as your browser saves it (HTML), its XML, or CSV or XLSX with the columns iso3, "
            "action, date (2026-03-10 or 10 Mar 2026), one row an act."
        ),
    )

    class Meta:
        model = Comparison
        fields = ["treaty", "table_of", "source_url"]

    def clean_table(self) -> comparing.StatusTable:
        try:
            return comparing.read_status(self.cleaned_data["table"].read(), self.cleaned_data.get("treaty"))
        except comparing.TableError as error:
            raise ValidationError(error.messages) from error

    def clean(self) -> dict[str, Any]:
        """A page that names its day is of that day."""
        cleaned = super().clean() or {}
        table, day = cleaned.get("table"), cleaned.get("table_of")
        if table and table.as_at and day and table.as_at != day:
            message = _("The page is as at %(as_at)s.") % {"as_at": table.as_at.isoformat()}
            self.add_error("table_of", message)
        return cleaned

    def clean_table_of(self) -> date:
        day: date = self.cleaned_data["table_of"]
        if day > timezone.now().date():
            raise ValidationError(_("This day is still to come."))
        return day


class DifferenceInline(ReadOnlyInline):
    model = Difference
    fields = ["kind", "state", "action", "depositary_date", "ledger_date", "decision", "reason"]
    readonly_fields = ["kind", "state", "action", "depositary_date", "ledger_date", "decision", "reason"]


@admin.register(Comparison)
class ComparisonAdmin(RecordAdmin):
    """Lay the ledger beside the Depositary's table. The differences are decided under Differences."""

    list_display = ["treaty", "table_of", "rows", "open_differences", "compared_by", "closed_by", "closed_at"]
    list_filter = ["treaty"]
    list_select_related = ["treaty", "compared_by", "closed_by"]
    search_fields = ["treaty__short_title"]
    date_hierarchy = "table_of"
    autocomplete_fields = ["treaty"]
    inlines = [DifferenceInline]
    actions = ["close_selected"]
    readonly_fields = ["rows", "compared_by", "compared_at", "closed_by", "closed_at"]

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({} if obj else {"form": ComparisonForm}), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        field_names = ["treaty", "table_of", "source_url"]
        return (
            [*field_names, "rows", "compared_by", "compared_at", "closed_by", "closed_at"]
            if obj
            else [*field_names, "table"]
        )

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> list[Any]:
        return self.inlines if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        undecided = Count("differences", filter=Q(differences__decision=Difference.Decision.OPEN))
        return super().get_queryset(request).annotate(undecided=undecided)

    @admin.display(description=_("not decided"))
    def open_differences(self, comparison: Any) -> int:
        return comparison.undecided

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_close_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("treaties.close_comparison")

    def save_model(self, request: HttpRequest, obj: Comparison, form: forms.ModelForm, change: bool) -> None:
        comparing.compare(obj, form.cleaned_data["table"].acts, by=staff_user(request))
        for doubt in form.cleaned_data["table"].doubts:
            messages.warning(request, doubt)
        n = obj.differences.count()
        sentence = ngettext("%d difference to decide.", "%d differences to decide.", n)
        messages.info(request, sentence % n if n else _("No difference. Another officer may close the comparison."))

    @admin.action(description=_("Close: every difference is decided"), permissions=["close"])
    def close_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return apply_to_shown(
            request,
            self,
            queryset,
            action="close_selected",
            title=_("Close: every difference is decided"),
            contents=comparing.contents_of,
            act=lambda comparison, seen: comparing.close(comparison, by=staff_user(request), seen=seen),
            done=lambda comparison: _("%(comparison)s is closed.") % {"comparison": comparison},
        )


@admin.register(Difference)
class DifferenceAdmin(RecordAdmin):
    """Accept the Depositary's act into a proposal, or contest it with a reason."""

    list_display = ["state", "action", "kind", "depositary_date", "ledger_date", "decision", "comparison"]
    list_filter = ["decision", "kind", "comparison__treaty"]
    list_select_related = ["state", "comparison__treaty"]
    search_fields = ["state__name", "reason"]
    actions = ["accept_selected"]
    readonly_fields = [
        "comparison",
        "kind",
        "state",
        "action",
        "depositary_date",
        "ledger_date",
        "our_row",
        "decision",
        "proposed",
        "decided_by",
    ]
    fields = [*readonly_fields, "reason"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if isinstance(obj, Difference) and obj.decision != Difference.Decision.OPEN:
            return False
        return super().has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "reason" in form.base_fields:
            form.base_fields["reason"].required = True
        return form

    def save_model(self, request: HttpRequest, obj: Difference, form: forms.ModelForm, change: bool) -> None:
        comparing.contest(obj, reason=obj.reason, by=staff_user(request))
        messages.info(request, _("Contested; the ledger stays as it is."))

    @admin.action(description=_("Accept: propose the Depositary's act"), permissions=["change"])
    def accept_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        apply_to_each(
            request,
            queryset,
            lambda difference: comparing.accept(difference, by=staff_user(request)),
            lambda difference: _("%(what)s: proposed; another officer confirms it.") % {"what": difference},
        )
