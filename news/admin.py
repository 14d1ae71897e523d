"""The newsroom's desk."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from news import newsroom
from news.models import Correction, Figure, Photo, Quotation, Speaker, SpeakerRole, Statement
from news.querysets import PUBLIC_STATES
from treaties.editing import ReadOnlyInline, RecordAdmin, editor


class SpeakerRoleInline(admin.TabularInline):
    model = SpeakerRole
    extra = 0


@admin.register(Speaker)
class SpeakerAdmin(RecordAdmin):
    list_display = ["name", "kind"]
    list_filter = ["kind"]
    search_fields = ["name", "roles__role", "roles__organization"]
    inlines = [SpeakerRoleInline]


@admin.register(SpeakerRole)
class SpeakerRoleAdmin(RecordAdmin):
    list_display = ["speaker", "role", "organization", "since", "until"]
    list_select_related = ["speaker"]
    search_fields = ["speaker__name", "role", "organization"]
    autocomplete_fields = ["speaker"]


@admin.register(Photo)
class PhotoAdmin(RecordAdmin):
    list_display = ["caption", "credit", "image"]
    search_fields = ["caption", "credit", "alt"]


class QuotationInline(admin.StackedInline):
    model = Quotation
    extra = 0


class FigureInline(admin.StackedInline):
    model = Figure
    extra = 0
    autocomplete_fields = ["treaty"]
    fields = ["text", ("treaty", "query", "on", "value"), "position"]


class CorrectionInline(ReadOnlyInline):
    model = Correction
    fields = ["made_at", "text", "made_by"]
    readonly_fields = ["made_at", "text", "made_by"]
    show_change_link = False


def _door(name: str, description: Any, move: Callable[..., Statement], done: Any) -> Callable[..., None]:
    """An action of the list that sends each chosen statement through a door."""

    @admin.action(description=description)
    def act(model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet) -> None:
        for statement in queryset:
            try:
                move(statement, by=editor(request))
            except newsroom.NewsroomError as refusal:
                messages.error(request, f"{statement}: {refusal}")
            else:
                messages.success(request, f"{statement}: {done}")

    act.__name__ = name
    return act


def _withdraw(statement: Statement, *, by: newsroom.Editor) -> Statement:
    return newsroom.withdraw(statement, by=by, reason=statement.withdrawn_reason)


@admin.register(Statement)
class StatementAdmin(RecordAdmin):
    list_display = ["title", "kind", "dated_on", "language", "workflow", "publish_at", "author"]
    list_filter = ["workflow", "kind", "language", "stance", "campaign"]
    list_select_related = ["author"]
    search_fields = ["title", "symbol", "body", "speaker__name"]
    date_hierarchy = "dated_on"
    autocomplete_fields = ["speaker", "campaign", "states", "articles", "photo", "translation_of"]
    readonly_fields = ["workflow", "author", "approved_by", "updated_at"]
    inlines = [QuotationInline, FigureInline, CorrectionInline]
    actions = [
        _door("submit", _("Submit for review"), newsroom.submit, _("submitted for review.")),
        _door("send_back", _("Send back to the author"), newsroom.send_back, _("sent back to the author.")),
        _door("approve", _("Approve"), newsroom.approve, _("approved.")),
        _door("publish", _("Publish at its minute, or now"), newsroom.publish, _("published.")),
        _door(
            "withdraw",
            _("Withdraw, for the reason given on its page"),
            _withdraw,
            _("withdrawn; its page says why."),
        ),
    ]
    fieldsets = [
        (None, {"fields": ["title", "slug", ("kind", "symbol"), "body"]}),
        (_("Said by, on"), {"fields": ["speaker", "byline", ("dated_on", "date_note")]}),
        (_("About"), {"fields": ["states", "articles", "campaign", "stance", "photo"]}),
        (_("Language"), {"fields": [("language", "translation_of")]}),
        (_("Source"), {"fields": ["source_url", "source_note"]}),
        (
            _("Publication"),
            {
                "fields": [
                    "publish_at",
                    "workflow",
                    ("author", "approved_by"),
                    "withdrawn_reason",
                    "updated_at",
                ],
                "description": _(
                    "The state of work moves by the actions of the list. Nothing is public before it is published."
                ),
            },
        ),
    ]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict[str, Any]:
        return {} if obj else {"slug": ["title"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        fixed = [*super().get_readonly_fields(request, obj)]
        if isinstance(obj, Statement) and obj.workflow in PUBLIC_STATES:
            fixed += ["slug", "publish_at"]
        return fixed

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if isinstance(obj, Statement) and obj.workflow in PUBLIC_STATES:
            return request.user.has_perm("news.publish_statement")
        return super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Statement, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.author = editor(request)
        elif obj.workflow == Statement.Workflow.APPROVED and form.changed_data:
            obj.workflow = Statement.Workflow.DRAFT
            obj.approved_by = None
            messages.warning(request, _("The text has changed, so the approval has fallen away: submit it again."))
        super().save_model(request, obj, form, change)


@admin.register(Correction)
class CorrectionAdmin(RecordAdmin):
    """A correction is told in the open and cannot be removed."""

    list_display = ["made_at", "statement", "text", "made_by"]
    list_select_related = ["statement", "made_by"]
    search_fields = ["text", "statement__title"]
    date_hierarchy = "made_at"
    autocomplete_fields = ["statement"]
    fields = ["statement", "text"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Correction, form: forms.ModelForm, change: bool) -> None:
        newsroom.correct(obj, by=editor(request))


@admin.register(Figure)
class FigureAdmin(RecordAdmin):
    list_display = ["text", "query", "on", "value", "statement"]
    list_filter = ["query", "treaty"]
    list_select_related = ["statement"]
    search_fields = ["text", "statement__title"]
    date_hierarchy = "on"
    autocomplete_fields = ["statement", "treaty"]


@admin.register(Quotation)
class QuotationAdmin(RecordAdmin):
    list_display = ["__str__", "statement", "source_url"]
    list_select_related = ["statement"]
    search_fields = ["text", "statement__title"]
    autocomplete_fields = ["statement"]
