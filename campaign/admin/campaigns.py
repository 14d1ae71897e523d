"""Campaigns, their actions, commitments with follow-ups, and endorsements in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.follow_up import confirm_done, decline_done, evidence_of, follow_up, refusal_of
from campaign.models import (
    Campaign,
    CampaignAction,
    Commitment,
    Endorsement,
    FollowUp,
    HumanitarianFigure,
    Pillar,
    Position,
)
from config.kit.admin_base import (
    OpenToAutocomplete,
    ReasonForm,
    RecordAdmin,
    RecordInline,
    RefusalForm,
    apply_to_each,
    apply_to_shown,
    ask_reason,
    staff_user,
)


class PillarInline(RecordInline, admin.StackedInline):
    model = Pillar
    extra = 0
    prepopulated_fields = {"slug": ["title"]}


@admin.register(Campaign)
class CampaignAdmin(OpenToAutocomplete, RecordAdmin):
    slug_from = ("title",)
    fixed_fields = ("slug",)
    list_display = ["title", "announced_on", "launched_on", "window_starts_on", "window_ends_on"]
    list_filter = ["treaties"]
    search_fields = ["title", "summary"]
    date_hierarchy = "announced_on"
    autocomplete_fields = ["treaties"]
    inlines = [PillarInline]
    fieldsets = [
        (None, {"fields": ["title", "slug", "title_note", "summary", "treaties", "source_url"]}),
        (
            _("Days"),
            {
                "fields": [
                    ("announced_on", "announced_by"),
                    "launched_on",
                    ("window_starts_on", "window_ends_on"),
                ],
                "description": _("Announced, launched and window are different days. Leave empty what is not known."),
            },
        ),
        (_("What came of it"), {"fields": ["result", "result_note"]}),
    ]


@admin.register(Pillar)
class PillarAdmin(RecordAdmin):
    fixed_fields = ("slug",)
    list_display = ["title", "role", "campaign", "position"]
    list_filter = ["campaign", "role"]
    list_select_related = ["campaign"]
    search_fields = ["title", "summary"]
    autocomplete_fields = ["campaign"]


@admin.register(CampaignAction)
class CampaignActionAdmin(RecordAdmin):
    fixed_fields = ("slug",)
    list_display = ["date", "title", "kind", "status", "direction", "pillar"]
    list_display_links = ["date", "title"]
    list_filter = ["kind", "status", "direction", "audience", "pillar__campaign", "pillar"]
    list_select_related = ["pillar__campaign"]
    search_fields = ["title", "summary", "who", "place"]
    date_hierarchy = "date"
    autocomplete_fields = ["pillar", "target_treaty", "states", "articles"]
    slug_from = ("title",)
    fieldsets = [
        (None, {"fields": ["pillar", "kind", "title", "slug", "summary"]}),
        (
            _("When, where, who"),
            {"fields": [("date", "end_date", "date_precision"), ("place", "who"), "status"]},
        ),
        (
            _("Whom it is aimed at"),
            {
                "fields": ["audience", ("target_rule", "target_treaty"), "states"],
                "description": _("For a call to States choose a live target: the States are computed from the ledger."),
            },
        ),
        (_("Record"), {"fields": ["direction", "official", "articles", "doubt", "source_url", "is_held"]}),
    ]


class FollowUpForm(RefusalForm):
    """The form of a follow-up."""

    def refusal(self, cleaned: dict[str, Any]) -> str:
        commitment, status, on = (cleaned.get(name) for name in ("commitment", "status", "on"))
        if commitment and commitment.pk and status and on:
            return refusal_of(commitment, status, on)
        return ""


class FollowUpInline(admin.StackedInline):
    """What was heard of the commitment. Each follow-up moves the status and cannot be edited afterwards."""

    model = FollowUp
    form = FollowUpForm
    extra = 0
    can_delete = False
    fields = [("on", "status"), "text", "amount", "evidence_url"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class OverdueFilter(admin.SimpleListFilter):
    title = _("overdue")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("yes", _("Due and not settled"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "yes":
            overdue = Commitment.objects.overdue(timezone.now().date())
            return queryset.filter(pk__in=overdue.values("pk"))
        return queryset


class EvidenceFilter(admin.SimpleListFilter):
    title = _("evidence")
    parameter_name = "evidence"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("none", _("Told as done, nothing checked here"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "none":
            return queryset.filter(pk__in=Commitment.objects.done_unchecked().values("pk"))
        return queryset


@admin.register(Commitment)
class CommitmentAdmin(RecordAdmin):
    slug_from = ("title",)
    fixed_fields = ("slug",)
    list_display = ["title", "made_by", "status", "announced_on", "due_on", "pillar"]
    list_filter = [OverdueFilter, EvidenceFilter, "status", "pillar__campaign", "pillar"]
    list_select_related = ["by_state", "pillar"]
    search_fields = ["title", "by_organization", "by_state__name"]
    date_hierarchy = "announced_on"
    autocomplete_fields = ["pillar", "by_state", "articles"]
    readonly_fields = ["status"]
    inlines = [FollowUpInline]
    fieldsets = [
        (None, {"fields": ["pillar", ("by_state", "by_organization"), "title", "text", "slug"]}),
        (_("Days"), {"fields": [("announced_on", "date_precision"), "due_on", "status"]}),
        (_("Target"), {"fields": [("baseline_amount", "target_amount", "target_unit")]}),
        (_("Record"), {"fields": ["articles", "doubt", "source_url"]}),
    ]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Record new follow-ups by the service function, which moves the commitment too."""
        for entry in formset.save(commit=False):
            follow_up(
                entry.commitment,
                on=entry.on,
                status=entry.status,
                text=entry.text,
                amount=entry.amount,
                evidence_url=entry.evidence_url,
                by=staff_user(request),
            )
            if entry.status == Commitment.Status.DONE:
                messages.success(request, _("Recorded. It is done once a second person has confirmed it."))


@admin.register(FollowUp)
class FollowUpAdmin(RecordAdmin):
    """All follow-ups, to read; they are written on the page of their commitment. Here a second person confirms 'done'."""

    list_display = ["on", "commitment", "status", "recorded_by", "check_result", "checked_by"]
    list_filter = ["check_result", "status"]
    list_select_related = ["commitment__by_state", "recorded_by", "checked_by"]
    search_fields = ["text", "commitment__title"]
    date_hierarchy = "on"
    readonly_fields = ["check_result", "check_reason", "checked_by", "checked_at", "recorded_by", "recorded_at"]
    actions = ["confirm_as_done", "decline_as_done"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_check_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("campaign.add_followup")

    @admin.action(description=_("Confirm as done: I have seen the evidence"), permissions=["check"])
    def confirm_as_done(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return apply_to_shown(
            request,
            self,
            queryset,
            action="confirm_as_done",
            title=_("Confirm as done: I have seen the evidence"),
            contents=evidence_of,
            act=lambda entry, seen: confirm_done(entry, by=staff_user(request), seen=seen),
            done=lambda entry: _("%(it)s is done.") % {"it": entry.commitment},
        )

    @admin.action(description=_("Decline: the evidence does not show it"), permissions=["check"])
    def decline_as_done(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        form = ReasonForm(request.POST) if "apply" in request.POST else ReasonForm()
        if not form.is_valid():
            return ask_reason(request, self, queryset, form, "decline_as_done", _("Decline as done"))
        apply_to_each(
            request,
            queryset,
            lambda entry: decline_done(entry, reason=form.cleaned_data["reason"], by=staff_user(request)),
            lambda entry: _("Declined: %(it)s.") % {"it": entry.commitment},
        )
        return None


@admin.register(Endorsement)
class EndorsementAdmin(RecordAdmin):
    list_display = ["name", "kind", "state", "endorsed_on", "campaign", "verified_by"]
    list_filter = ["kind", "campaign"]
    list_select_related = ["state", "campaign", "verified_by"]
    search_fields = ["name", "state__name"]
    date_hierarchy = "endorsed_on"
    autocomplete_fields = ["campaign", "state"]
    readonly_fields = ["verified_by"]

    def save_model(self, request: HttpRequest, obj: Endorsement, form: forms.ModelForm, change: bool) -> None:
        obj.verified_by = staff_user(request)
        super().save_model(request, obj, form, change)


@admin.register(HumanitarianFigure)
class HumanitarianFigureAdmin(RecordAdmin):
    list_display = ["__str__", "value", "extent", "year", "source_url"]
    list_filter = ["measure", "year", ("state", admin.EmptyFieldListFilter)]
    list_select_related = ["state"]
    search_fields = ["state__name", "note"]
    autocomplete_fields = ["state"]


class PositionForm(forms.ModelForm):
    """A position is somebody's: States, an organization, or an office of a State."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("who") and not cleaned.get("states") and "states" not in self.errors:
            self.add_error("who", _("Say who said it: choose the States, or name the organization."))
        return cleaned


@admin.register(Position)
class PositionAdmin(RecordAdmin):
    form = PositionForm
    list_display = ["__str__", "said_on", "source_url"]
    list_filter = ["kind", "treaty"]
    search_fields = ["who", "summary", "quote", "states__name"]
    date_hierarchy = "said_on"
    autocomplete_fields = ["treaty", "states", "about"]
