"""The admin pages on which editors translate: where every text stands, and the texts of a thing with the originals beside."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from config.kit.admin_base import RecordAdmin
from config.kit.formats.languages import direction_of, language_tag_of
from config.kit.models.fields import english_text
from config.kit.models.row_versions import changed_parts, fingerprint
from config.kit.models.translations import (
    LANGUAGES,
    Standing,
    TranslatedField,
    TranslatedKind,
    Translation,
    changes_since,
    standings,
    translated_kinds,
    versions_of,
)

TEXT, STILL_RIGHT = "text_", "right_"
ROWS_OF_A_PAGE = 30


class TranslationForm(forms.ModelForm):
    """The texts of one thing in one language. The page makes a form of its own for each, with a field for each text."""

    of: Translation
    """What is translated. Set by the page."""

    seen_originals = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Translation
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.kind, self.instance.row, self.instance.language = self.of.kind, self.of.row, self.of.language
        self.original = self.instance.original()
        kind = translated_kinds()[self.of.kind]
        self.originals = [(str(f.verbose_name), english_text(self.original, f.name)) for f in kind.fields]
        self.fields["seen_originals"].initial = fingerprint(self.originals)
        versions = versions_of(kind, [self.original.pk]) if self.original is not None else {}
        self.pairs = [self._pair(field, versions.get(self.of.row, {})) for field in translated_fields(self.of)]

    def _pair(self, field: TranslatedField, versions: Any) -> dict[str, Any]:
        """What the page shows of one text: the original, what it was when it was translated, and the fields of the form."""
        original = english_text(self.original, field.name)
        text, made_from = self.instance.by_field().get(field.name, ("", ""))
        self.fields[TEXT + field.name].initial = text
        is_behind = bool(text) and made_from != original
        if not is_behind:
            del self.fields[STILL_RIGHT + field.name]
        return {
            "name": capfirst(field.verbose_name),
            "original": original,
            "made_from": made_from if is_behind else "",
            "behind": changes_since(versions.get(field.name, []), made_from) if is_behind else None,
            "text": self[TEXT + field.name],
            "still_right": self[STILL_RIGHT + field.name] if is_behind else None,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if changed := changed_parts(cleaned.get("seen_originals") or fingerprint(self.originals), self.originals):
            given: Any = self.data
            self.data = given.copy()
            self.data[self.add_prefix("seen_originals")] = fingerprint(self.originals)  # type: ignore[index]
            raise ValidationError(
                _(
                    "The original has changed while you had it open: %(parts)s. What you typed is kept: compare, and save again."
                )
                % {"parts": ", ".join(changed)}
            )
        there = Translation.objects.filter(kind=self.of.kind, row=self.of.row, language=self.of.language)
        if there.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Somebody else has translated it meanwhile: open it from the list."))
        texts, originals = dict(self.instance.texts), dict(self.instance.originals)
        for field in translated_fields(self.of):
            name = field.name
            text = cleaned.get(TEXT + name, "")
            if text != texts.get(name, "") or cleaned.get(STILL_RIGHT + name):
                originals[name] = english_text(self.original, name)
            texts[name] = text
        self.instance.texts, self.instance.originals = texts, originals
        return cleaned


def translated_fields(of: Translation) -> list[TranslatedField]:
    """The texts that an editor translates: those that are not empty in English, or have a translation."""
    original = of.original()
    if original is None:
        return []
    fields = translated_kinds()[of.kind].fields
    return [
        field
        for field in fields
        if (english_text(original, field.name) or of.texts.get(field.name)) and not field.known(original, of.language)
    ]


@admin.register(Translation)
class TranslationAdmin(RecordAdmin):
    """Every text that editors write, and its translations. A change waits for a second editor, as all that is public does."""

    change_form_template = "admin/kit/translation/change_form.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Linked from the head of every page of the admin instead."""
        return bool(request.user.is_superuser)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The rows of a kind, and where their texts stand in each language."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kinds = translated_kinds()
        kind = kinds.get(request.GET.get("kind", "")) or next(iter(kinds.values()))
        asked = request.GET.get("q", "").replace("\x00", "").strip()
        rows = kind.all_rows if self._sees_all(request, kind) else kind.rows()
        if asked:
            rows = rows.filter(Q(*((f"{field.name}__icontains", asked) for field in kind.fields), _connector=Q.OR))
        if "row" in request.GET:
            rows = rows.filter(pk__in=[key] if (key := number_of(request.GET["row"])) is not None else [])
        page = Paginator(rows.order_by("pk"), ROWS_OF_A_PAGE).get_page(request.GET.get("p"))
        found = standings(kind, list(page.object_list))
        there = {(t.row, t.language): t.pk for t in Translation.objects.of_rows(kind, found)}
        context = {
            **self.admin_site.each_context(request),
            "title": _("Translations"),
            "opts": self.opts,
            "kinds": kinds.values(),
            "kind": kind,
            "asked": asked,
            "page": page,
            "languages": LANGUAGES,
            "rows": [(row, self._cells(kind, row, found[str(row.pk)], there)) for row in page.object_list],
        }
        return TemplateResponse(request, "admin/kit/translation/change_list.html", context)

    def _cells(
        self, kind: TranslatedKind, row: Model, found: list[Standing], there: dict[tuple[str, str], int]
    ) -> list[dict[str, Any]]:
        """For each language where the texts of a row stand in it, and the address at which it is translated."""
        cells = []
        for language, name in LANGUAGES:
            of_language = [each for each in found if each.language == language]
            pk = there.get((str(row.pk), language))
            cells.append(
                {
                    "language": name,
                    "missing": sum(each.is_missing for each in of_language),
                    "changes": sum(each.behind.changes for each in of_language if each.behind),
                    "texts": len(of_language),
                    "address": address_of(kind.kind, row.pk, language, pk),
                }
            )
        return cells

    def _sees_all(self, request: HttpRequest, kind: TranslatedKind) -> bool:
        """Whether an editor sees rows of a kind that are not public yet: those who may look at them on their own pages."""
        meta = kind.model._meta
        return request.user.has_perm(f"{meta.app_label}.view_{meta.model_name}")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of what is not translated yet. Which thing and which language is said by the address."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        of = self._asked(request)
        if of is None:
            messages.error(request, _("Choose in the list what you want to translate."))
            return redirect("admin:kit_translation_changelist")
        there = Translation.objects.filter(kind=of.kind, row=of.row, language=of.language).first()
        if there is not None and request.method != "POST":
            return redirect("admin:kit_translation_change", there.pk)
        return super().add_view(request, form_url, self._shown(of) | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        of = self.get_object(request, object_id)
        shown = self._shown(of) if of is not None else {}
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def _asked(self, request: HttpRequest) -> Translation | None:
        """What the address asks to translate; None where there is no such thing, or not for this editor."""
        kind = translated_kinds().get(request.GET.get("kind", ""))
        language, row = request.GET.get("language", ""), request.GET.get("row", "")
        if kind is None or language not in dict(LANGUAGES) or len(row) > Translation._meta.get_field("row").max_length:  # type: ignore[operator]
            return None
        of = Translation(kind=kind.kind, row=row.replace("\x00", ""), language=language)
        original = of.original()
        if original is None or not self._may_see(request, kind, original):
            return None
        return of

    def _may_see(self, request: HttpRequest, kind: TranslatedKind, original: Model) -> bool:
        return self._sees_all(request, kind) or kind.rows().filter(pk=original.pk).exists()

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_view_permission(request, obj) and self._is_seen(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_seen(request, obj)

    def _is_seen(self, request: HttpRequest, obj: Model | None) -> bool:
        if not isinstance(obj, Translation):
            return True
        original = obj.original()
        return original is None or self._may_see(request, translated_kinds()[obj.kind], original)

    def _shown(self, of: Translation) -> dict[str, Any]:
        original = of.original()
        return {
            "of": original,
            "language_name": of.get_language_display(),
            "language_tag": language_tag_of(of.language),
            "direction": direction_of(of.language),
            "page": of.page() if original is not None else "",
            "title": f"{original or of} → {of.get_language_display()}",
            "subtitle": None,
            "show_save_and_add_another": False,
        }

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        """A form with a field for each text of the thing."""
        of = obj if isinstance(obj, Translation) else self._asked(request)
        fields: dict[str, Any] = {}
        if of is not None:
            attrs = {"lang": language_tag_of(of.language), "dir": direction_of(of.language)}
            for field in translated_fields(of):
                made: Any = field.formfield(required=False, help_text="", initial="")
                made.widget = forms.Textarea(attrs={**attrs, "rows": 2 if field.max_length else 6, "cols": 60})
                fields[TEXT + field.name] = made
                fields[STILL_RIGHT + field.name] = forms.BooleanField(
                    required=False, label=_("It still says what the original says now.")
                )
        kwargs["form"] = type("TranslationForm", (TranslationForm,), {**fields, "of": of})
        kwargs["fields"] = []
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        names = [name for name in self.get_form(request, obj, change=obj is not None).base_fields if name != "seen_row"]
        return [(None, {"fields": [*names, *(["seen_row"] if obj is not None else [])]})]


def number_of(text: str) -> int | None:
    """The key of a row as an address has it; None where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def address_of(kind: str, row: Any, language: str, pk: int | None) -> str:
    """The page on which the texts of a row are translated into a language."""
    if pk is not None:
        return reverse("admin:kit_translation_change", args=[pk])
    return f"{reverse('admin:kit_translation_add')}?kind={kind}&row={row}&language={language}"
