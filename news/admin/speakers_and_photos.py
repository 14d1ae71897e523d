"""The records that the newsroom keeps: speakers, photographs, and what belongs to statements."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.kit.admin_base import RecordAdmin, RecordInline, staff_user
from news.models import Correction, Figure, Photo, Quotation, Speaker, SpeakerRole, Statement, Video
from news.newsroom import photos, workflow


class SpeakerRoleInline(RecordInline, admin.TabularInline):
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


class PhotoForm(forms.ModelForm):
    """Looks at the file itself, not at its name."""

    upload = forms.FileField(required=False, label=_("New file"), help_text=_("JPEG, PNG, WebP or AVIF, up to 15 MB."))

    class Meta:
        model = Photo
        fields = ["credit", "caption", "alt"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("upload")
        if upload:
            if not cleaned.get("alt"):
                self.add_error("alt", _("Say in words what the picture shows."))
            cleaned["picture"] = photos.opened(upload)
        return cleaned


@admin.register(Photo)
class PhotoAdmin(RecordAdmin):
    """A photograph with its credit. An uploaded file is made anew in our own sizes; what else it carried is dropped."""

    form = PhotoForm
    fields = ["upload", "credit", "caption", "alt"]
    list_display = ["caption", "credit", "has_file"]
    search_fields = ["caption", "credit", "alt"]

    @admin.display(boolean=True, description=_("file"))
    def has_file(self, photo: Photo) -> bool:
        return bool(photo.renditions)

    def save_model(self, request: HttpRequest, obj: Photo, form: forms.ModelForm, change: bool) -> None:
        picture = form.cleaned_data.get("picture")
        if picture:
            obj.renditions = photos.store(picture)
        super().save_model(request, obj, form, change)


@admin.register(Correction)
class CorrectionAdmin(RecordAdmin):
    """Corrections, to read: they are made on the page of their statement, and cannot be removed."""

    list_display = ["made_at", "statement", "text", "is_small", "made_by"]
    list_filter = ["is_small"]
    list_select_related = ["statement", "made_by"]
    search_fields = ["text", "statement__title"]
    date_hierarchy = "made_at"
    autocomplete_fields = ["statement"]
    fields = ["statement", "text", "is_small"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PartOfAStatementAdmin(RecordAdmin):
    """What belongs to a statement: changed under one in review or approved, it makes it a draft again."""

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        before = form.initial.get("statement") if change else None
        super().save_model(request, obj, form, change)
        for statement in Statement.objects.filter(pk__in={before, obj.statement_id} - {None}):
            workflow.content_changed(statement, by=staff_user(request))


@admin.register(Figure)
class FigureAdmin(PartOfAStatementAdmin):
    list_display = ["text", "query", "on", "value", "statement"]
    list_filter = ["query", "treaty"]
    list_select_related = ["statement"]
    search_fields = ["text", "statement__title"]
    date_hierarchy = "on"
    autocomplete_fields = ["statement", "treaty"]


@admin.register(Quotation)
class QuotationAdmin(PartOfAStatementAdmin):
    list_display = ["__str__", "statement", "source_url"]
    list_select_related = ["statement"]
    search_fields = ["text", "statement__title"]
    autocomplete_fields = ["statement"]


@admin.register(Video)
class VideoAdmin(PartOfAStatementAdmin):
    list_display = ["title", "statement", "captions", "url"]
    list_select_related = ["statement"]
    search_fields = ["title", "statement__title"]
    autocomplete_fields = ["statement"]
