"""The records that the newsroom keeps: speakers, photographs, and what belongs to statements."""

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from news import newsroom
from news.models import Correction, Figure, Photo, Quotation, Speaker, SpeakerRole
from treaties.editing import RecordAdmin, editor


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
