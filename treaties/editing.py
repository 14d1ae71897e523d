"""What the editors' forms of all apps have in common."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin


def editor(request: HttpRequest) -> User:
    """Who edits: the admin lets nobody in who has not signed in."""
    return cast(User, request.user)


def link_to_list(app_model: str, **filters: str) -> str:
    """The address of a list of the admin, filtered."""
    query = f"?{urlencode(filters)}" if filters else ""
    return reverse(f"admin:{app_model}_changelist") + query


class OpenToAutocomplete(admin.ModelAdmin):
    """Things that every editor refers to, whatever app is theirs.

    They can be found in the fields that name them; their lists and pages stay with those whose app they are.
    """

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        match = request.resolver_match
        if match is not None and match.url_name == "autocomplete" and request.user.is_staff:
            return True
        return super().has_view_permission(request, obj)


class RecordAdmin(SimpleHistoryAdmin):
    """What the record must keep is never deleted here, and each change leaves who, when, what."""

    history_list_display = ["changed_fields"]
    list_per_page = 50
    show_full_result_count = False

    def changed_fields(self, row: Any) -> str:
        """The names of the fields that a change touched."""
        before = row.prev_record
        return ", ".join(row.diff_against(before).changed_fields) if before else ""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReasonForm(forms.Form):
    """Why something is done, where the record tells it."""

    reason = forms.CharField(max_length=300, label=_("Reason"), widget=forms.TextInput(attrs={"size": 80}))


def ask_reason(
    request: HttpRequest, desk: admin.ModelAdmin, rows: QuerySet, form: forms.Form, action: str, title: Any
) -> HttpResponse:
    """The page between an action on a list and what it does: asks for the reason."""
    context = {
        **desk.admin_site.each_context(request),
        "title": title,
        "opts": desk.opts,
        "form": form,
        "action": action,
        "select_across": request.POST.get("select_across", "0"),
        "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "checkbox": ACTION_CHECKBOX_NAME,
        "n": rows.count(),
    }
    return TemplateResponse(request, "admin/ask_reason.html", context)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that are written elsewhere, through their own door."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    """Rows that are written elsewhere, through their own door."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
