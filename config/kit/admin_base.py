"""What the admin pages of all apps share."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from config.kit.incoming.form_fields import LineField
from config.kit.services import Refused


def staff_user(request: HttpRequest) -> User:
    """The user who edits. The admin lets nobody in who has not signed in."""
    return cast(User, request.user)


def link_to_list(app_model: str, **filters: str) -> str:
    """The address of a list of the admin, filtered."""
    query = f"?{urlencode(filters)}" if filters else ""
    return reverse(f"admin:{app_model}_changelist") + query


def apply_to_each(
    request: HttpRequest, rows: Iterable[Any], act: Callable[[Any], object], done: Callable[[Any], str]
) -> None:
    """Call a service function for each chosen row, and show for each what was done or why it was refused."""
    for row in rows:
        try:
            act(row)
        except Refused as refusal:
            messages.error(request, f"{row}: {refusal}")
        else:
            messages.success(request, done(row))


class RefusalForm(forms.ModelForm):
    """A form that shows, before anything is saved, why the service function would refuse it."""

    def refusal(self, cleaned: dict[str, Any]) -> str:
        """Why it would be refused; an empty text if it would not, or if fields are missing."""
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        refusal = self.refusal(cleaned)
        if refusal:
            raise ValidationError(refusal)
        return cleaned


class ForgivingList(admin.ModelAdmin):
    """A list whose filters in the address may be anything: what no database can look for shows the whole list."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        try:
            return super().changelist_view(request, extra_context)
        except (OverflowError, ValueError):
            messages.error(request, _("The list cannot be filtered by what the address asks for."))
            return redirect(request.path)


class OpenToAutocomplete(admin.ModelAdmin):
    """Things that editors of all apps refer to.

    Every editor finds them in the fields that name them; lists and pages stay with the roles of the app.
    """

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        match = request.resolver_match
        if match is not None and match.url_name == "autocomplete" and request.user.is_staff:
            return True
        return super().has_view_permission(request, obj)


class RecordAdmin(ForgivingList, SimpleHistoryAdmin):
    """Rows that must be kept: never deleted in the admin, each change in the history with who, when and what."""

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
    """The reason of an action, where it is recorded."""

    reason = LineField(max_length=300, label=_("Reason"), widget=forms.TextInput(attrs={"size": 80}))


def ask_reason(
    request: HttpRequest, model_admin: admin.ModelAdmin, rows: QuerySet, form: forms.Form, action: str, title: Any
) -> HttpResponse:
    """The page between choosing an action of a list and carrying it out: it asks for the reason."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "form": form,
        "action": action,
        "select_across": request.POST.get("select_across", "0"),
        "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "checkbox": ACTION_CHECKBOX_NAME,
        "n": rows.count(),
    }
    return TemplateResponse(request, "admin/ask_reason.html", context)


class ReadOnlyAdmin(ForgivingList):
    """Rows that are written elsewhere, by their own service functions."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    """Rows that are written elsewhere, by their own service functions."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
