"""What readers sent for open doubts."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.kit.admin_base import RecordAdmin, staff_user
from treaties.ledger import sent_sources
from treaties.models import SentSource


@admin.register(SentSource)
class SentSourceAdmin(RecordAdmin):
    """Say what came of a source: an act that is recorded, a corrected row, or nothing, and why."""

    list_display = ["sent_at", "treaty", "doubt", "decision", "decided_by"]
    list_filter = ["decision", "treaty"]
    list_select_related = ["treaty", "decided_by"]
    search_fields = ["doubt", "sentence", "words", "source_url"]
    date_hierarchy = "sent_at"
    readonly_fields = ["treaty", "doubt", "sentence", "source_url", "words", "sent_at", "decided_by"]
    fields = [*readonly_fields, "decision", "reason"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if isinstance(obj, SentSource) and obj.decision != SentSource.Decision.OPEN:
            return False
        return super().has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "reason" in form.base_fields:
            form.base_fields["reason"].required = True
            decided = [choice for choice in SentSource.Decision.choices if choice[0] != SentSource.Decision.OPEN]
            form.base_fields["decision"] = forms.ChoiceField(label=_("Decision"), choices=decided)
        return form

    def save_model(self, request: HttpRequest, obj: SentSource, form: forms.ModelForm, change: bool) -> None:
        sent_sources.decide(obj, obj.decision, reason=obj.reason, by=staff_user(request))
        messages.info(request, _("Decided. What the source tells is recorded as an act or a correction of its own."))
