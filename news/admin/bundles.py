"""Bundles, and the approvals of their acts and texts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from campaign.models import CampaignAction
from config.kit.admin_base import RecordAdmin, apply_to_shown, staff_user
from config.kit.models.row_versions import Part
from news.models import Bundle, Statement
from news.models.statements import PUBLIC_STATES
from news.newsroom import bundles
from news.newsroom.contents import acts_of, announcement_of, texts_of
from treaties.models import TreatyAction


class NumbersInput(forms.TextInput):
    """Rows by their numbers alone, for editors who may name them and not read them."""

    def format_value(self, value: Any) -> str:
        return ", ".join(str(key) for key in value or [])

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = ",".join(data.getlist(name)) if hasattr(data, "getlist") else str(data.get(name, ""))
        return [number for number in (part.strip() for part in given.split(",")) if number]


@admin.register(Bundle)
class BundleAdmin(RecordAdmin):
    """What goes public together: acts approved by a second treaty officer, texts by a publisher."""

    list_display = [
        "title",
        "release_at",
        "acts_approved_by",
        "texts_approved_by",
        "announcement_approved_by",
        "released_at",
        "failure",
    ]
    list_select_related = ["acts_approved_by", "texts_approved_by"]
    date_hierarchy = "release_at"
    search_fields = ["title", "announced_as"]
    filter_horizontal = ["statements", "acts", "actions"]
    readonly_fields = [
        "acts_approved_by",
        "texts_approved_by",
        "announcement_approved_by",
        "changed_by",
        "released_at",
        "failure",
    ]
    fields = ["title", "release_at", "announced_as", "statements", "acts", "actions", *readonly_fields]
    actions = ["approve_the_acts", "approve_the_texts", "approve_the_announcement"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if isinstance(obj, Bundle) and obj.released_at:
            return False
        return super().has_change_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Treaty officers come here from what needs them, not from an app that is not theirs."""
        return request.user.has_perm("news.view_statement")

    def has_approve_acts_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("treaties.confirm_treatyaction")

    def has_approve_texts_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("news.publish_statement")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Whoever may not read texts before their time is told how many there are."""
        shown = "statements" if request.user.has_perm("news.view_statement") else "number_of_statements"
        return [shown if name == "statements" else name for name in super().get_fields(request, obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "number_of_statements"]

    @admin.display(description=_("texts"))
    def number_of_statements(self, bundle: Bundle) -> int:
        return bundle.statements.count() if bundle.pk else 0

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only what can still become public."""
        still_hidden: dict[str, Any] = {
            "statements": Statement.objects.exclude(workflow__in=PUBLIC_STATES),
            "acts": TreatyAction.objects.waiting().select_related("state", "treaty"),
            "actions": CampaignAction.objects.filter(is_held=True),
        }
        if db_field.name == "acts" and not request.user.has_perm("treaties.view_treatyaction"):
            kwargs |= {
                "widget": NumbersInput,
                "help_text": _("Their numbers, as the treaty officer gives them, by commas."),
            }
        return super().formfield_for_manytomany(db_field, request, queryset=still_hidden[db_field.name], **kwargs)

    def save_model(self, request: HttpRequest, obj: Bundle, form: forms.ModelForm, change: bool) -> None:
        if not change or form.has_changed():
            obj.changed_by = staff_user(request)
        if change and {"statements", "acts", "actions", "release_at", "announced_as"} & set(form.changed_data):
            obj.acts_approved_by = obj.texts_approved_by = obj.announcement_approved_by = None
            obj.failure = ""
            messages.warning(request, _("It has changed: all approvals have fallen away."))
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Approve the acts: they are confirmed at the minute"), permissions=["approve_acts"])
    def approve_the_acts(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self._approve(request, queryset, bundles.approve_acts, acts_of, _("Approve the acts"))

    @admin.action(description=_("Approve the texts: they are published at the minute"), permissions=["approve_texts"])
    def approve_the_texts(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self._approve(request, queryset, bundles.approve_texts, texts_of, _("Approve the texts"))

    @admin.action(description=_("Approve the line of the public calendar"), permissions=["approve_texts"])
    def approve_the_announcement(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self._approve(
            request, queryset, bundles.approve_announcement, announcement_of, _("Approve the announcement")
        )

    def _approve(
        self,
        request: HttpRequest,
        queryset: QuerySet,
        approve: Callable[..., None],
        contents: Callable[[Bundle], list[Part]],
        title: Any,
    ) -> HttpResponse | None:
        return apply_to_shown(
            request,
            self,
            queryset,
            action=request.POST["action"],
            title=title,
            contents=contents,
            act=lambda bundle, seen: approve(bundle, by=staff_user(request), seen=seen),
            done=lambda bundle: _("Approved: %(it)s.") % {"it": bundle},
        )
