"""Pledges in the admin. Personal data is for pledge moderators alone, and each look at it is logged."""

import csv
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.models import AccessLogEntry, Invalidation, Mail, Pledge
from campaign.pledging import moderation
from config.kit.admin_base import ReadOnlyAdmin, ReasonForm, apply_to_each, ask_reason, link_to_list, staff_user
from config.kit.api.tables import safe_cell

EXPORTED = [
    "pk",
    "campaign_id",
    "name",
    "email",
    "state_id",
    "language",
    "show_name",
    "consent_version",
    "created_at",
    "confirmed_at",
]


class PledgeStatusFilter(admin.SimpleListFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [
            ("counted", _("Counted")),
            ("waiting", _("Not confirmed")),
            ("invalidated", _("Taken out of the count")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "counted":
                return queryset.filter(confirmed_at__isnull=False, invalidation__isnull=True)
            case "waiting":
                return queryset.filter(confirmed_at__isnull=True)
            case "invalidated":
                return queryset.filter(invalidation__isnull=False)
        return queryset


@admin.register(Pledge)
class PledgeAdmin(ReadOnlyAdmin):
    """Personal data. A person's data is deleted when they ask for it; what does not count is invalidated, with a reason."""

    change_list_template = "admin/campaign/pledge/change_list.html"
    list_display = [
        "__str__",
        "name",
        "email",
        "state",
        "language",
        "show_name",
        "created_at",
        "confirmed_at",
        "counts",
    ]
    list_filter = [PledgeStatusFilter, "campaign", "language", "show_name", "is_demonstration"]
    list_select_related = ["state"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["=email", "name", "=receipt", "=domain"]
    date_hierarchy = "created_at"
    readonly_fields = [
        "campaign",
        "name",
        "email",
        "state",
        "language",
        "consent_version",
        "created_at",
        "confirmed_at",
        "invalidation",
        "is_demonstration",
    ]
    fields = [*readonly_fields, "show_name"]
    actions = ["invalidate", "hide_names", "export"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found = moderation.named_whole(queryset, search_term) if search_term.strip() else None
        return (found, False) if found is not None else super().get_search_results(request, queryset, search_term)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return moderation.is_moderator(staff_user(request))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return moderation.is_moderator(staff_user(request))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return moderation.is_moderator(staff_user(request))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return moderation.is_moderator(staff_user(request))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Deletion is for one person who asks for it, not for many at once: many are invalidated, with a reason."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in ("network_key", "domain", "name", "created_at__gte") or super().lookup_allowed(
            lookup, value, request
        )

    def delete_model(self, request: HttpRequest, obj: Pledge) -> None:
        """Delete the person's data as their own link would."""
        moderation.remove_for(obj, by=staff_user(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self.has_view_permission(request):
            moderation.log_access(
                staff_user(request), "one", Pledge.objects.filter(pk=int(object_id)) if object_id.isdecimal() else []
            )
        return super().change_view(request, object_id, form_url, extra_context)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None)
        if shown and "cl" in shown:
            moderation.log_access(staff_user(request), "list", shown["cl"].result_list, ", ".join(sorted(request.GET)))
        return response

    @admin.display(boolean=True, description=_("counts"))
    def counts(self, pledge: Pledge) -> bool:
        return pledge.counts

    @admin.action(description=_("Take out of the count, with a reason"), permissions=["change"])
    def invalidate(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        form = ReasonForm(request.POST) if "apply" in request.POST else ReasonForm()
        if not form.is_valid():
            return ask_reason(request, self, queryset, form, "invalidate", _("Take pledges out of the count"))
        try:
            made = moderation.invalidate(queryset, reason=form.cleaned_data["reason"], by=staff_user(request))
        except moderation.ModerationRefused as refusal:
            messages.error(request, str(refusal))
        else:
            n = sum(taken.pledges_count for taken in made)
            messages.success(
                request, _("%(n)s pledges do not count any more. The public account tells why.") % {"n": n}
            )
        return None

    @admin.action(description=_("Do not show the names"), permissions=["change"])
    def hide_names(self, request: HttpRequest, queryset: QuerySet) -> None:
        n = moderation.hide_names(queryset, by=staff_user(request))
        messages.success(request, _("%(n)s names are not shown any more.") % {"n": n})

    @admin.action(description=_("Export (CSV)"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        rows = list(queryset)
        moderation.log_access(staff_user(request), "export", rows, ", ".join(sorted(request.GET)))
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="pledges-{timezone.now():%Y-%m-%d}.csv"'
        response["Cache-Control"] = "no-store"
        writer = csv.writer(response)
        writer.writerow(EXPORTED)
        writer.writerows([safe_cell(getattr(row, name)) for name in EXPORTED] for row in rows)
        return response

    def get_urls(self) -> list[URLPattern]:
        return [
            path("bursts/", self.admin_site.admin_view(self.bursts_view), name="campaign_pledge_bursts"),
            *super().get_urls(),
        ]

    def bursts_view(self, request: HttpRequest) -> HttpResponse:
        """Where many pledges came from together lately. Names nobody; the list behind a row does."""
        if not self.has_view_permission(request):
            return render(request, "403.html", status=403)
        found = moderation.bursts(timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Bursts of pledges"),
            "opts": self.opts,
            "bursts": [(burst, link_to_list("campaign_pledge", **burst.filters)) for burst in found],
            "least": moderation.BURST,
        }
        return TemplateResponse(request, "admin/campaign/pledge/bursts.html", context)


@admin.register(Invalidation)
class InvalidationAdmin(ReadOnlyAdmin):
    """Pledges taken out of the count together. They can be brought back here."""

    list_display = ["made_at", "campaign", "pledges_count", "reason", "made_by", "reinstated_count"]
    list_select_related = ["campaign", "made_by"]
    date_hierarchy = "made_at"
    search_fields = ["reason"]
    actions = ["bring_back"]

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return moderation.is_moderator(staff_user(request))

    @admin.action(description=_("Bring back into the count, with a reason"), permissions=["moderate"])
    def bring_back(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        form = ReasonForm(request.POST) if "apply" in request.POST else ReasonForm()
        if not form.is_valid():
            return ask_reason(request, self, queryset, form, "bring_back", _("Bring pledges back into the count"))
        apply_to_each(
            request,
            queryset,
            lambda invalidation: moderation.reinstate(
                invalidation, reason=form.cleaned_data["reason"], by=staff_user(request)
            ),
            lambda invalidation: _("Brought back: %(it)s.") % {"it": invalidation},
        )
        return None


@admin.register(AccessLogEntry)
class AccessLogEntryAdmin(ReadOnlyAdmin):
    """Who looked at personal data. It names the pledges by number only."""

    list_display = ["at", "user", "what", "asked"]
    list_filter = ["what"]
    list_select_related = ["user"]
    date_hierarchy = "at"
    search_fields = ["user__username"]


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """The outbox. It holds neither addresses nor texts."""

    list_display = ["created_at", "campaign", "status", "attempts", "due_at", "sent_at", "last_error"]
    list_filter = ["status"]
    list_select_related = ["campaign"]
    date_hierarchy = "created_at"
    exclude = ["address_hash"]
