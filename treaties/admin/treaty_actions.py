"""The ledger in the admin: record, preview, confirm, replace, import a table."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.kit.admin_base import ReadOnlyInline, RecordAdmin, RefusalForm, apply_to_shown, link_to_list, staff_user
from config.kit.incoming.spreadsheets import LARGEST_UNPACKED
from config.kit.incoming.tables import LARGEST_FILE, MOST_ROWS, TableError
from config.kit.models.row_versions import parts_of
from treaties import ledger
from treaties.extension_points import what_rests_on
from treaties.ledger import tables
from treaties.models import (
    ActionChoices,
    ArmedConflictHold,
    LedgerRecord,
    TreatyAction,
    WithdrawalStep,
)

SHOWN_ROWS = 200
"""Rows and refusals that the page of a table shows; it tells how many there are besides."""


class LedgerForm(RefusalForm):
    """The form of a record of the ledger."""

    def refusal(self, cleaned: dict[str, Any]) -> str:
        if self.errors or not isinstance(self.instance, TreatyAction):
            return ""
        given = {f.name: cleaned[f.name] for f in TreatyAction._meta.concrete_fields if f.name in cleaned}
        return ledger.refusal_of(TreatyAction(pk=self.instance.pk, **given))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("replaces") and not cleaned.get("reason"):
            self.add_error("reason", _("Say why this record replaces the earlier one."))
        return cleaned


class PreviewForm(forms.ModelForm):
    """As much of an act as its effect depends on."""

    class Meta:
        model = TreatyAction
        fields = [
            "treaty",
            "state",
            "action",
            "deposited_on",
            "not_before",
            "stated_effective_on",
            "replaces",
            "is_annulment",
        ]

    def _post_clean(self) -> None:
        """Build the act from what was given; sources and reasons are not asked for yet."""
        super()._post_clean()  # type: ignore[misc]
        for name in ("source_url", "interval_source", "stated_effective_reason", "reason", "__all__"):
            self.errors.pop(name, None)


class IsConfirmedFilter(admin.SimpleListFilter):
    title = _("confirmation")
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [
            ("no", _("Waiting for a second officer")),
            ("yes", _("Confirmed")),
            ("refused", _("Refused: to be mended or taken back")),
            ("taken_back", _("Taken back")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "no":
                return queryset.filter(confirmed_at__isnull=True).exclude(review__in=LedgerRecord.SET_ASIDE)
            case "yes":
                return queryset.filter(confirmed_at__isnull=False)
            case "refused" | "taken_back" as review:
                return queryset.filter(review=review)
        return queryset


class LedgerAdmin(RecordAdmin):
    """Recorded by one officer, confirmed by another, and never edited after that."""

    form = LedgerForm
    actions = ["confirm_selected"]
    written_by_the_ledger = ["recorded_by", "recorded_at", "confirmed_by", "confirmed_at", "loaded_from", "said_of_it"]
    two_officers: tuple[Any, Any] = (
        _("Two officers"),
        {
            "fields": [("recorded_by", "recorded_at"), ("confirmed_by", "confirmed_at"), "loaded_from", "said_of_it"],
            "description": _("It counts from the moment another officer confirms it. After that it is never edited."),
        },
    )
    replacement: tuple[Any, Any] = (
        _("To mend a mistake"),
        {
            "fields": ["replaces", "reason"],
            "description": _("Name the row that this one replaces, and say why."),
        },
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *self.written_by_the_ledger]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if isinstance(obj, LedgerRecord) and obj.is_confirmed:
            return False
        return super().has_change_permission(request, obj)

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.confirm_{self.opts.model_name}")

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        ledger.record(obj, by=staff_user(request))
        messages.info(request, _("It does not count yet: ask another officer to confirm it."))

    @admin.action(description=_("Confirm what another officer recorded"), permissions=["confirm"])
    def confirm_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return apply_to_shown(
            request,
            self,
            queryset,
            action="confirm_selected",
            title=_("Confirm what another officer recorded"),
            contents=parts_of,
            act=lambda row, seen: ledger.confirm(row, by=staff_user(request), seen=seen),
            done=lambda row: _("%(row)s is confirmed and counts from now on.") % {"row": row},
        )

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_confirm"
        return [
            path("<int:pk>/confirm/", self.admin_site.admin_view(self.confirm_view), name=name),
            *super().get_urls(),
        ]

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the second officer needs: what was recorded, what it does, what was said of it; to confirm, refuse or comment."""
        row = get_object_or_404(self.model._default_manager.select_related("recorded_by", "reviewed_by"), pk=pk)
        if not self.has_confirm_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._review(request, row)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Confirm or refuse"),
            "opts": self.opts,
            "row": row,
            "preview": ledger.preview(row) if isinstance(row, TreatyAction) else None,
            "seen": ledger.fingerprint_of(row),
            "is_own": row.recorded_by_id == staff_user(request).pk,
            "is_author": staff_user(request).pk in row.authors,
            "reviews": row.reviews,
        }
        return TemplateResponse(request, "admin/treaties/treatyaction/confirm.html", context)

    def _review(self, request: HttpRequest, row: Any) -> HttpResponse:
        by, text = staff_user(request), request.POST.get("text", "")
        steps = {
            "confirm": (
                lambda: ledger.confirm(row, by=by, seen=request.POST.get("seen", "")),
                _("%(row)s is confirmed and counts from now on."),
            ),
            "refuse": (lambda: ledger.refuse(row, reason=text, by=by), _("%(row)s is sent back to its recorder.")),
            "take_back": (lambda: ledger.take_back(row, reason=text, by=by), _("%(row)s is taken back.")),
            "comment": (lambda: ledger.comment(row, text=text, by=by), _("Your comment on %(row)s is kept.")),
        }
        step, done = steps.get(request.POST.get("step", "confirm"), steps["confirm"])
        try:
            step()
        except ledger.LedgerError as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
        messages.success(request, done % {"row": row})
        return redirect(link_to_list(f"{self.opts.app_label}_{self.opts.model_name}"))

    @admin.display(description=_("review"))
    def said_of_it(self, row: LedgerRecord) -> SafeString | str:
        """All that reviewers said, for the recorder who mends it, and the way to where it is confirmed or taken back."""
        if not row.pk:
            return ""
        lines = format_html_join(
            "",
            "<li>{}, {} UTC: {}. {}</li>",
            (
                (v.reviewed_by, date_format(v.reviewed_at, "DATETIME_FORMAT"), v.get_review_display(), v.review_text)
                for v in row.reviews
            ),
        )
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_confirm", args=[row.pk])
        link = (
            ""
            if row.is_confirmed
            else format_html('<p><a href="{}">{}</a></p>', address, _("Confirm, refuse, comment or take back"))
        )
        return format_html("<ul>{}</ul>{}", lines, link)


class TableForm(forms.Form):
    """A table of acts to be recorded."""

    import_file = forms.FileField(label=_("The table"))

    def clean_import_file(self) -> tables.TableOfActs:
        try:
            return tables.read_acts(self.cleaned_data["import_file"].read(LARGEST_FILE + 1))
        except TableError as error:
            raise ValidationError(error.messages) from error


class ReadTableForm(forms.Form):
    """A table that was read and shown, handed on signed."""

    acts = forms.CharField(widget=forms.HiddenInput)

    def clean_acts(self) -> list[tables.Row]:
        try:
            given = signing.loads(self.cleaned_data["acts"], salt=_TABLE, max_age=timedelta(days=1))
        except signing.BadSignature as error:
            raise ValidationError(_("Send the table again: what was read from it is no longer at hand.")) from error
        return tables.from_list(given)


_TABLE = "treaties.table_of_acts"


class ArmedConflictHoldInline(ReadOnlyInline):
    model = ArmedConflictHold
    fk_name = "withdrawal"
    fields = ["started_on", "ended_on", "confirmed_at", "note"]


@admin.register(TreatyAction)
class TreatyActionAdmin(LedgerAdmin):
    change_list_template = "admin/treaties/treatyaction/change_list.html"
    change_form_template = "admin/treaties/treatyaction/change_form.html"
    list_display = [
        "deposited_on",
        "state",
        "action",
        "treaty",
        "effective_on",
        "is_confirmed",
        "review",
        "is_replaced",
    ]
    list_display_links = ["deposited_on", "state"]
    list_filter = [IsConfirmedFilter, "treaty", "action", "state__region"]
    list_select_related = ["state", "treaty"]
    search_fields = ["state__name", "state__common_name", "state__other_names__name", "state__iso3", "note"]
    date_hierarchy = "deposited_on"
    autocomplete_fields = ["treaty", "state", "replaces"]
    readonly_fields = ["effective_on", "steps", "dependents"]
    inlines = [ArmedConflictHoldInline]
    fieldsets = [
        (None, {"fields": [("treaty", "state"), "action", "deposited_on", "source_url", "note"]}),
        (
            _("If the day is not known"),
            {
                "fields": ["not_before", "interval_source"],
                "description": _(
                    "Give the first day on which it can have been here, and above the last one. Where more becomes known, record a "
                    "row with a narrower interval, or with the day, that replaces this one."
                ),
            },
        ),
        (
            _("Effect"),
            {
                "fields": ["effective_on", "stated_effective_on", "stated_effective_reason"],
                "description": _("Computed by the treaty's own rule, unless the Depositary states another day."),
            },
        ),
        (
            LedgerAdmin.replacement[0],
            {**LedgerAdmin.replacement[1], "fields": [*LedgerAdmin.replacement[1]["fields"], "is_annulment"]},
        ),
        LedgerAdmin.two_officers,
        (_("What rests on it"), {"fields": ["dependents"]}),
        (_("Steps of this State under the treaty"), {"fields": ["steps"], "classes": ["collapse"]}),
    ]

    class Media:
        js = [Script("js/preview.js", type="module")]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("replacements")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Lead from a row to the form of one that replaces it, with the same facts to begin with."""
        original = context.get("original")
        if original is not None:
            facts = {
                "replaces": original.pk,
                "treaty": original.treaty_id,
                "state": original.state_id,
                "action": original.action,
                "deposited_on": original.deposited_on,
                "source_url": original.source_url,
            }
            context["replacement_url"] = f"{reverse('admin:treaties_treatyaction_add')}?{urlencode(facts)}"
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        own_urls = [
            path("preview/", self.admin_site.admin_view(self.preview_view), name="treaties_treatyaction_preview"),
            path("import/", self.admin_site.admin_view(self.table_view), name="treaties_treatyaction_import"),
            path(
                "process_import/",
                self.admin_site.admin_view(self.record_table_view),
                name="treaties_treatyaction_process_import",
            ),
        ]
        return own_urls + super().get_urls()

    def table_view(self, request: HttpRequest) -> HttpResponse:
        """Read a table of acts, and show what would be recorded, or all that is wrong. Nothing is written."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TableForm(request.POST or None, request.FILES or None)
        table: tables.TableOfActs | None = form.cleaned_data["import_file"] if form.is_valid() else None
        return self._show_table(request, form, table)

    def record_table_view(self, request: HttpRequest) -> HttpResponse:
        """Record the acts of a table that was read and shown, all or none."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ReadTableForm(request.POST)
        if not form.is_valid():
            messages.error(request, " ".join(str(error) for error in form.errors["acts"]))
            return redirect("admin:treaties_treatyaction_import")
        try:
            number = tables.record_acts(form.cleaned_data["acts"], by=staff_user(request))
        except ledger.LedgerError as refusal:
            messages.error(request, str(refusal))
        except TableError as error:
            return self._show_table(request, TableForm(), tables.TableOfActs([], [], error.messages))
        else:
            told = ngettext(
                "%(n)s act is recorded. It counts once another officer has confirmed it.",
                "%(n)s acts are recorded. They count once another officer has confirmed them.",
                number,
            )
            messages.success(request, told % {"n": number})
        return redirect(link_to_list("treaties_treatyaction", confirmed="no"))

    def _show_table(self, request: HttpRequest, form: TableForm, table: tables.TableOfActs | None) -> HttpResponse:
        is_right = table is not None and not table.wrong
        context = {
            **self.admin_site.each_context(request),
            "title": _("Record a table of acts"),
            "opts": self.opts,
            "form": form,
            "wrong": table.wrong[:SHOWN_ROWS] if table else [],
            "more_wrong": max(len(table.wrong) - SHOWN_ROWS, 0) if table else 0,
            "acts": table.acts[:SHOWN_ROWS] if table and is_right else [],
            "number": len(table.acts) if table and is_right else 0,
            "required": tables.REQUIRED,
            "optional": tables.OPTIONAL,
            "kinds": ActionChoices.choices,
            "most_rows": MOST_ROWS,
            "largest": LARGEST_FILE // 1_000_000,
            "unpacked": LARGEST_UNPACKED // 1_000_000,
        }
        if table and is_right:
            acts = signing.dumps(tables.to_list(table.rows), salt=_TABLE, compress=True)
            context["confirm_form"] = ReadTableForm(initial={"acts": acts})
        failed = bool(form.errors or (table and table.wrong))
        return TemplateResponse(
            request, "admin/treaties/treatyaction/table.html", context, status=400 if failed else 200
        )

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """What the act in the form would do; a part of the page for the script, a page of its own without it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PreviewForm(request.GET)
        shown = ledger.preview(form.instance) if form.is_valid() else None
        context = {**self.admin_site.each_context(request), "title": _("Preview"), "form": form, "preview": shown}
        part = request.headers.get("X-Requested-With") == "fetch"
        name = "preview_part" if part else "preview"
        return TemplateResponse(request, f"admin/treaties/treatyaction/{name}.html", context)

    @admin.display(boolean=True, description=_("confirmed"))
    def is_confirmed(self, row: TreatyAction) -> bool:
        return row.is_confirmed

    @admin.display(boolean=True, description=_("replaced"))
    def is_replaced(self, row: TreatyAction) -> bool:
        return any(r.is_confirmed for r in row.replacements.all())

    @admin.display(description=_("numbers in public statements"))
    def dependents(self, row: TreatyAction) -> SafeString | str:
        """The statements whose numbers would be others without the row: whoever mends it mends them."""
        if not row.pk:
            return ""
        found = what_rests_on(row)
        lines = format_html_join("", '<li><a href="{}">{}</a></li>', ((d.url, d.text) for d in found))
        return format_html("<ul>{}</ul>", lines) if found else str(_("None."))

    @admin.display(description=_("steps"))
    def steps(self, row: TreatyAction) -> SafeString | str:
        if not row.pk:
            return ""
        steps = WithdrawalStep.objects.filter(treaty=row.treaty_id, state=row.state_id)
        lines = format_html_join("", "<li>{} – {}: {}</li>", ((s.date, s.get_step_display(), s.detail) for s in steps))
        return format_html("<ul>{}</ul>", lines) if lines else str(_("None on record."))


@admin.register(ArmedConflictHold)
class ArmedConflictHoldAdmin(LedgerAdmin):
    list_display = ["withdrawal", "started_on", "ended_on", "confirmed_at"]
    list_filter = [IsConfirmedFilter, "withdrawal__treaty"]
    list_select_related = ["withdrawal__state", "withdrawal__treaty"]
    search_fields = ["withdrawal__state__name", "note"]
    date_hierarchy = "started_on"
    autocomplete_fields = ["withdrawal"]
    raw_id_fields = ["replaces"]
    fieldsets = [
        (None, {"fields": ["withdrawal", ("started_on", "ended_on"), "source_url", "note"]}),
        LedgerAdmin.replacement,
        LedgerAdmin.two_officers,
    ]
