"""Admin pages of access tokens and webhooks, which every editor makes for themselves, of loaded rows and of proposals."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kit.admin_base import ReadOnlyAdmin, link_to_list, staff_user
from config.kit.api import access_tokens, webhooks
from config.kit.api.tables import safe_cell
from config.kit.models import (
    AccessToken,
    LoadedRow,
    PeriodicTask,
    Proposal,
    PublicChange,
    Snapshot,
    StaffEvent,
    Webhook,
)
from config.kit.models.row_versions import fingerprint
from config.kit.models.telling import kinds
from config.kit.proposals import ProposalError, accept, contents_of, refuse, take_back
from config.kit.proposals.effects import effect_of
from config.kit.proposals.service import refusal_to_accept, side_by_side

LONGEST = timedelta(days=366)


class AccessTokenForm(forms.ModelForm):
    class Meta:
        model = AccessToken
        fields = ["name", "scope", "expires_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].required = False

    def clean_scope(self) -> str:
        return str(self.cleaned_data["scope"] or AccessToken.Scope.WRITE)

    def clean_expires_at(self) -> Any:
        moment = self.cleaned_data["expires_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(_("Choose a moment that is still to come."))
        if moment > timezone.now() + LONGEST:
            raise forms.ValidationError(_("A token lives at most one year: choose an earlier moment."))
        return moment


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(ReadOnlyAdmin):
    """Whether the commands that run every few minutes do run."""

    list_display = ["name", "succeeded_at", "begun_at", "took", "failures_in_a_row", "failure"]
    fields = ["name", "succeeded_at", "begun_at", "ended_at", "failures_in_a_row", "failure", "due_at"]

    @admin.display(description=_("took"))
    def took(self, task: PeriodicTask) -> str:
        return f"{task.took.total_seconds():.1f} s" if task.took is not None else ""


class OwnSecretsAdmin(ReadOnlyAdmin):
    """Rows with a secret that every editor makes for themselves. The secret is shown once, when the row is made."""

    owner_field: str
    shown_title: Any
    shown_template: str

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Linked from the head of every page of the admin instead."""
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found = super().get_queryset(request)
        return found if request.user.is_superuser else found.filter(**{self.owner_field: staff_user(request)})

    def make(self, request: HttpRequest, given: Any) -> tuple[Model, str]:
        """Make the row, and give it with its secret."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        made, request.new_secret = self.make(request, obj)  # type: ignore[attr-defined]
        obj.pk = made.pk

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        """Such a row has no related rows to save."""

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: str | None = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": self.shown_title,
            "opts": self.opts,
            "made": self.model._default_manager.get(pk=obj.pk),
            "secret": request.new_secret,  # type: ignore[attr-defined]
        }
        response = TemplateResponse(request, self.shown_template, context)
        response["Cache-Control"] = "no-store, private"
        return response


@admin.register(AccessToken)
class AccessTokenAdmin(OwnSecretsAdmin):
    """Keys for programs that write by the API."""

    form = AccessTokenForm
    list_display = [
        "name",
        "prefix",
        "scope",
        "user",
        "created_at",
        "expires_at",
        "last_used_at",
        "last_used_from",
        "revoked_at",
    ]
    list_select_related = ["user"]
    actions = ["revoke"]
    owner_field = "user"
    shown_title = _("Your new access token")
    shown_template = "admin/kit/accesstoken/shown_once.html"

    def make(self, request: HttpRequest, given: AccessToken) -> tuple[Model, str]:
        return access_tokens.issue(staff_user(request), name=given.name, expires_at=given.expires_at, scope=given.scope)

    @admin.action(description=_("Revoke"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet) -> None:
        for token in queryset:
            access_tokens.revoke(token)
        messages.success(request, _("Revoked. These tokens open nothing any more."))


class WebhookForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        label=_("kinds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Which kinds of things are told; none chosen: all."),
    )

    owner: User
    """Who makes it. Set by the page."""

    class Meta:
        model = Webhook
        fields = ["url", "kinds"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = sorted(kinds().items())
        self.fields["kinds"].choices = [(k, v.model._meta.verbose_name) for k, v in known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if "url" in self.cleaned_data:
            webhooks.check_new(self.owner, self.cleaned_data["url"])
        return self.cleaned_data


@admin.register(Webhook)
class WebhookAdmin(OwnSecretsAdmin):
    """Addresses that are told what changes."""

    form = WebhookForm
    list_display = ["url", "owner", "is_active", "taken_at", "failures_in_a_row", "last_error", "next_at"]
    list_select_related = ["owner"]
    actions = ["switch_on", "switch_off", "delete_selected"]
    owner_field = "owner"
    shown_title = _("Your new webhook")
    shown_template = "admin/kit/webhook/shown_once.html"

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_view_permission(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.owner = staff_user(request)
        return form

    def make(self, request: HttpRequest, given: Webhook) -> tuple[Model, str]:
        made = webhooks.make(staff_user(request), given.url, given.kinds)
        return made, made.secret

    @admin.action(description=_("Switch on: send what has waited"), permissions=["view"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet) -> None:
        for webhook in queryset:
            webhook.switch(on=True)
        messages.success(request, _("Switched on. What has waited is sent first."))

    @admin.action(description=_("Switch off"), permissions=["view"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet) -> None:
        for webhook in queryset:
            webhook.switch(on=False)
        messages.success(request, _("Switched off. Nothing is sent there until it is switched on again."))


@admin.register(PublicChange)
class PublicChangeAdmin(ReadOnlyAdmin):
    """What the change feed has told: to read, not to write."""

    list_display = ["pk", "at", "change", "kind", "key", "name"]
    list_filter = ["change", "kind"]
    search_fields = ["key", "name"]


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    """The snapshots that the site offers: `manage.py export_snapshot` makes them."""

    list_display = ["day", "folder", "archive", "bytes", "made_at"]


@admin.register(LoadedRow)
class LoadedRowAdmin(ReadOnlyAdmin):
    """What the loaders have brought in: to read, not to write."""

    list_per_page = 100
    show_full_result_count = True
    list_display = ["file", "key", "loaded_at"]
    list_filter = ["file"]
    search_fields = ["key"]
    date_hierarchy = "loaded_at"


@admin.register(StaffEvent)
class StaffEventAdmin(ReadOnlyAdmin):
    """What editors did and were refused, for the auditor and the administrators; as a table for download, too."""

    list_display = ["at", "user", "network", "door", "what", "model", "key", "address"]
    list_display_links = ["at"]
    list_filter = ["what", "door", "model", ("user", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user"]
    search_fields = ["user__username", "address", "model", "key", "told"]
    date_hierarchy = "at"
    change_list_template = "admin/kit/staffevent/change_list.html"

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [path("table.csv", wrap(self.table_view), name="kit_staffevent_table"), *super().get_urls()]

    def table_view(self, request: HttpRequest) -> HttpResponseBase:
        """The list as it is filtered, as CSV, oldest last."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_changelist_instance(request).get_queryset(request)
        names = ["at", "user", "network", "door", "what", "address", "model", "key", "told", "changes"]

        def lines() -> Iterator[list[Any]]:
            yield names
            for event in found.select_related("user").iterator(500):
                values = [event.at.isoformat(), event.user.get_username() if event.user else ""]
                values += [getattr(event, name) for name in names[2:-1]]
                yield [safe_cell(v) for v in [*values, json.dumps(event.changes, ensure_ascii=False)]]

        writer = csv.writer(_Echo())
        response = StreamingHttpResponse((writer.writerow(line) for line in lines()), content_type="text/csv")
        response["Content-Disposition"] = 'attachment; filename="staff-log.csv"'
        response["Cache-Control"] = "no-store, private"
        return response


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


class WaitingFilter(admin.SimpleListFilter):
    title = _("waiting")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("yes", _("For me")), ("urgent", _("Urgent ones that nobody else has seen"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case "yes":
                return queryset.filter(pk__in=Proposal.objects.waiting_for(staff_user(request)))
            case "urgent":
                return queryset.filter(decision=Proposal.Decision.URGENT)
        return queryset


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """Changes of what is public that wait for a second person, and all that were ever decided."""

    list_display = ["title", "kind", "made_by", "made_at", "decision", "decided_by", "decided_at"]
    list_filter = [WaitingFilter, "decision", "model"]
    list_select_related = ["made_by", "decided_by"]
    search_fields = ["title", "reason", "made_by__username"]
    date_hierarchy = "made_at"

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Linked from what needs an editor, and from the head of every page of the admin."""
        return request.user.has_perm("kit.view_proposal")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found: Any = super().get_queryset(request)
        return found.for_editor(staff_user(request))

    @admin.display(description=_("kind"), ordering="model")
    def kind(self, proposal: Proposal) -> str:
        return str(apps.get_model(proposal.model)._meta.verbose_name)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Before and after side by side, the effect on the public page, and the decision."""
        key = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 18 else None
        proposal = get_object_or_404(self.get_queryset(request).select_related("made_by", "decided_by"), pk=key)
        by = staff_user(request)
        if request.method == "POST":
            return self._decide(request, proposal)
        page, effect = effect_of(proposal, by=by, request=request) if proposal.is_open else ("", [])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Proposed change"),
            "opts": self.opts,
            "proposal": proposal,
            "rows": side_by_side(proposal),
            "seen": fingerprint(contents_of(proposal)),
            "refusal": refusal_to_accept(proposal, by),
            "is_own": proposal.made_by_id == by.pk,
            "page": page,
            "effect": effect,
        }
        return TemplateResponse(request, "admin/kit/proposal/decide.html", context)

    def _decide(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        by, reason = staff_user(request), request.POST.get("reason", "")
        steps = {
            "accept": (
                lambda: accept(proposal, seen=request.POST.get("seen", ""), by=by),
                _("Seen.") if proposal.is_urgent else _("Accepted: it is public now."),
            ),
            "refuse": (lambda: refuse(proposal, reason=reason, by=by), _("Refused. Who proposed it reads why.")),
            "take_back": (lambda: take_back(proposal, by=by), _("Taken back.")),
        }
        step = steps.get(request.POST.get("step", ""))
        if step is None:
            messages.error(request, _("There is no such step."))
            return redirect(request.path)
        try:
            step[0]()
        except ProposalError as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
        self.log_change(request, proposal, [{"changed": {"fields": [str(step[1])]}}])
        messages.success(request, step[1])
        return redirect(link_to_list("kit_proposal", waiting="yes"))
