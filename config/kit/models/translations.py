"""What editors write, in the other languages of the site: names and texts of campaigns, calls, steps and the like.

The English text stands in its own row, where it always was; translations of the texts of one row into one language are one row
of `Translation`. A page in another language reads each text as it reads any field, and gets the translation, or the English text
where there is none. A translation keeps the English text that it was made from: where that has changed since, it is behind.

Why rows of our own, as statements have them, and no library (tried with Django 5.2 and simple_history, on the 33 texts of 13 tables
that are translated here):

- django-modeltranslation 0.20 adds a column for each text and language, 198 in all, to tables that are guarded and sealed. Its
  columns are not in the histories: simple_history, which stands in the models, refuses to save such a row.
- django-parler 2.4 moves the English text out of its row, and so out of its history; a list of 20 rows asks 21 questions, 41 in a
  language with fallbacks, unless every reader remembers to prefetch; filters by a text have to name another table.
- Neither keeps what a translation was made from, by which one knows that it is behind.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Self, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from simple_history.models import HistoricalRecords

from config.kit.formats.lists import listed
from config.kit.models.fields import ENGLISH, LineField, LocalField, LocalLineField, LocalProseField, english_text
from config.kit.models.generations import TRANSLATIONS, Remembered, scopes
from config.kit.models.public_changes import ROWS_AT_ONCE

LANGUAGES = [(code, name) for code, name in settings.LANGUAGES if code != ENGLISH]
"""The languages into which texts are translated."""
_MEMO, _ORIGINAL = "_translations", "_original"
Value = TypeVar("Value")


@dataclass(frozen=True)
class Behind:
    """How far a translation is behind its original."""

    changes: int
    """How often the original has changed since it was translated."""
    since: datetime | None
    """When it changed first; None where the history does not know."""


class InLanguage(str):
    """A text in the language of the page, as an editor has translated it."""

    behind: Behind | None
    """Set where the original has changed since."""

    def __new__(cls, text: str, behind: Behind | None = None) -> Self:
        made = super().__new__(cls, text)
        made.behind = behind
        return made


@dataclass(frozen=True)
class TranslatedKind:
    """A model with texts that editors translate."""

    kind: str
    """The word for such a thing, as the change feed and the API have it."""
    model: type[models.Model]
    rows: Callable[[], models.QuerySet]
    """The rows that the public sees, in the order in which editors and the parity board list them."""
    page: Callable[[Any], str]
    """The address of the public page that shows a row, in the language of who asks."""
    shown_with: tuple[tuple[str, Callable[[Sequence[str]], models.QuerySet]], ...] = ()
    """Kinds of the change feed whose things the rows are shown with: the rows by the keys of such things."""
    known_by: tuple[str, ...] = ()
    """Fields by which official texts are found."""

    @property
    def name(self) -> str:
        """Such a thing, for people."""
        return str(self.model._meta.verbose_name)

    @property
    def fields(self) -> Sequence["TranslatedField"]:
        return [field for field in self.model._meta.concrete_fields if isinstance(field, TranslatedField)]

    @property
    def all_rows(self) -> models.QuerySet:
        """Those that are not public yet, too."""
        return self.model._base_manager.all()


_kinds: dict[str, TranslatedKind] = {}
_by_model: dict[str, TranslatedKind] = {}


def register(*kinds: TranslatedKind) -> None:
    """Have the texts of these models translated."""
    _kinds.update({kind.kind: kind for kind in kinds})
    _by_model.update({kind.model._meta.label_lower: kind for kind in kinds})


def translated_kinds() -> Mapping[str, TranslatedKind]:
    """The models with texts that editors translate, by the words for them."""
    return _kinds


def kind_of(model: type[models.Model]) -> TranslatedKind | None:
    """How the texts of a model are translated; None where they are not, as those of a version of the history."""
    return _by_model.get(model._meta.label_lower)


Key = tuple[str, str]
"""The word for a kind of thing, and the key of a row."""
Texts = Mapping[str, tuple[str, str]]
"""By the name of a field, its translation and the English text that it was made from."""


class TranslationQuerySet(models.QuerySet["Translation"]):
    def of_rows(self, kind: TranslatedKind, keys: Iterable[Any]) -> list["Translation"]:
        """All translations of rows of a kind. A query for each 400 rows."""
        wanted = [str(key) for key in keys]
        return [
            translation
            for begin in range(0, len(wanted), ROWS_AT_ONCE)
            for translation in self.filter(kind=kind.kind, row__in=wanted[begin : begin + ROWS_AT_ONCE])
        ]

    def public(self) -> Self:
        """Those whose originals the public sees."""
        of_public = Q(pk__in=[])
        for kind in _kinds.values():
            keys = kind.rows().order_by().annotate(key=Cast("pk", models.CharField())).values("key")
            of_public |= Q(kind=kind.kind, row__in=keys)
        return self.filter(of_public)

    def shown_with(self, told_as: str, rows: Sequence[str]) -> Self:
        """Those that come and go with public things of a kind: of the things themselves, and of what is shown with them."""
        found = Q(kind=told_as, row__in=rows)
        for kind in _kinds.values():
            for name, rows_of in kind.shown_with:
                if name == told_as:
                    found |= Q(kind=kind.kind, row__in=[str(pk) for pk in rows_of(rows).values_list("pk", flat=True)])
        return self.filter(found)

    def by_row(self, language: str) -> dict[Key, Texts]:
        """All texts in a language. One query."""
        return {(each.kind, each.row): each.by_field() for each in self.filter(language=language)}


class Translation(models.Model):
    """The texts of one row in one language."""

    kind = LineField(_("kind"), max_length=30, editable=False, help_text=_("As in the change feed."))
    row = LineField(_("key of the row"), max_length=40, editable=False)
    language = LineField(_("language"), max_length=10, choices=LANGUAGES, editable=False)
    texts = models.JSONField(
        _("texts"), default=dict, blank=True, help_text=_("By field; what is missing is shown in English.")
    )
    originals = models.JSONField(
        _("originals"),
        default=dict,
        blank=True,
        editable=False,
        help_text=_("The English text that each was made from."),
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    generation = TRANSLATIONS
    history = HistoricalRecords()
    objects = TranslationQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "row", "language"]
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "row", "language"],
                name="translation_once_per_row_and_language",
                violation_error_message=_("There is a translation into this language already."),
            )
        ]

    def __str__(self) -> str:
        original = self.original()
        return f"{original if original is not None else self.row} ({self.get_language_display()})"[:250]

    @property
    def address(self) -> str:
        """What it is of and in which language, in one word."""
        return f"{self.kind}:{self.row}:{self.language}"

    def page(self) -> str:
        """The address of the public page that shows it, in its language; empty where there is none."""
        original = self.original()
        if original is None:
            return ""
        with override(self.language):
            return _kinds[self.kind].page(original)

    def original(self) -> models.Model | None:
        """The row whose texts it translates; None where there is none."""
        if _ORIGINAL in vars(self):
            found: models.Model | None = vars(self)[_ORIGINAL]
            return found
        kind = _kinds.get(self.kind)
        if kind is None:
            return None
        try:
            return kind.rows().filter(pk=self.row).first() or kind.all_rows.filter(pk=self.row).first()
        except (ValueError, OverflowError):  # no such key can be
            return None

    def is_of_public(self) -> bool:
        """Whether the public sees the original."""
        kind = _kinds.get(self.kind)
        return kind is not None and kind.rows().filter(pk=self.row).exists()

    def permission_needed(self) -> str:
        """Who translates what is not public yet has to be one of its editors; an empty text for what is public."""
        if self.is_of_public() or self.kind not in _kinds:
            return ""
        meta = _kinds[self.kind].model._meta
        return f"{meta.app_label}.change_{meta.model_name}"

    def by_field(self) -> Texts:
        return {name: (text, self.originals.get(name, "")) for name, text in self.texts.items() if text}

    def clean(self) -> None:
        """Texts are of fields that the original has, normalised as those are, and no longer than they may be."""
        super().clean()
        original = self.original()
        if original is None:
            raise ValidationError({"row": _("There is no such row.")})
        fields = {field.name: field for field in _kinds[self.kind].fields}
        unknown = [name for name in [*self.texts, *self.originals] if name not in fields]
        if unknown:
            raise ValidationError({"texts": _("No text that is translated: %(name)s.") % {"name": unknown[0]}})
        cleaned = {}
        for name, text in self.texts.items():
            field = fields[name]
            cleaned[name] = field.normalise(str(text))
            if field.max_length and len(cleaned[name]) > field.max_length:
                raise ValidationError(
                    {
                        "texts": _("%(name)s: at most %(most)d characters (it has %(n)d).")
                        % {"name": field.verbose_name, "most": field.max_length, "n": len(cleaned[name])}
                    }
                )
        self.texts = {name: text for name, text in cleaned.items() if text}
        self.originals = {name: self.originals.get(name) or english_text(original, name) for name in self.texts}


def read_originals(translations: Sequence[Translation]) -> None:
    """Read the public originals of translations together, a query for each kind and 400 rows."""
    for kind in _kinds.values():
        of_kind = [each for each in translations if each.kind == kind.kind]
        for begin in range(0, len(of_kind), ROWS_AT_ONCE):
            some = of_kind[begin : begin + ROWS_AT_ONCE]
            rows = {str(row.pk): row for row in kind.rows().filter(pk__in=[each.row for each in some])}
            for each in some:
                vars(each)[_ORIGINAL] = rows.get(each.row)


_all_texts: Remembered[dict[Key, Texts]] = Remembered(TRANSLATIONS, most=2 * len(LANGUAGES))
_of_this_answer: ContextVar[dict[str, Any] | None] = ContextVar("translations_of_this_answer", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within the block all texts of a language are read together, once, also where nothing is remembered from answer to answer."""
    token = _of_this_answer.set({})
    try:
        yield
    finally:
        _of_this_answer.reset(token)


def once(kept: Remembered[Value], key: str, compute: Callable[[], Value]) -> Value | None:
    """What is remembered from answer to answer, or in this one; None outside of both."""
    if kept.is_remembering:
        return kept.get(key, compute)
    of_this = _of_this_answer.get()
    if of_this is None:
        return None
    if key not in of_this:
        of_this[key] = compute()
    found: Value = of_this[key]
    return found


def texts_of(row: models.Model, language: str) -> Texts:
    """The texts of a row in a language.

    An answer reads all texts of its language in one query, or none where they were read before; elsewhere each row is asked for.
    """
    kind = kind_of(type(row))
    if kind is None or row.pk is None:
        return {}
    together = once(_all_texts, language, lambda: Translation.objects.by_row(language))
    if together is not None:
        return together.get((kind.kind, str(row.pk)), {})
    known: dict[str, Texts] = vars(row).setdefault(_MEMO, {})
    if language not in known:
        found = Translation.objects.filter(kind=kind.kind, row=str(row.pk), language=language).first()
        known[language] = found.by_field() if found is not None else {}
    return known[language]


def read_translations(rows: Iterable[models.Model]) -> None:
    """Read the texts of rows in all languages together, a query for each kind and 400 rows; `texts_of` asks no more for them."""
    for kind in _kinds.values():
        of_kind = [row for row in rows if kind_of(type(row)) is kind]
        texts: dict[str, dict[str, Texts]] = {}
        for translation in Translation.objects.of_rows(kind, {row.pk for row in of_kind}):
            texts.setdefault(translation.row, {})[translation.language] = translation.by_field()
        for row in of_kind:
            known = texts.get(str(row.pk), {})
            vars(row)[_MEMO] = {language: known.get(language, {}) for language, _name in LANGUAGES}


def translated(row: models.Model, language: str, *, name: str) -> str:
    """The text of a field in a language, which says how far it is behind; an empty text where there is none."""
    text, made_from = texts_of(row, language).get(name, ("", ""))
    if not text:
        return ""
    is_behind = made_from != english_text(row, name)
    return InLanguage(text, how_far(row, name, made_from) if is_behind else None)


def together(row: models.Model, *names: str) -> str:
    """Texts of a row that stand as one, with commas: all in the language of the page, or all in English."""
    found = [getattr(row, name) for name in names if english_text(row, name)]
    if all(isinstance(text, InLanguage) for text in found):
        farthest = max((text.behind for text in found if text.behind), key=lambda behind: behind.changes, default=None)
        return InLanguage(listed(found), farthest)
    return ", ".join(english_text(row, name) for name in names if english_text(row, name))


# --- How far a translation is behind ---------------------------------------------------------------------------

Versions = Sequence[tuple[datetime, str]]
"""The texts that a field has had, oldest first, each with the moment at which it came."""


def changes_since(versions: Versions, made_from: str) -> Behind:
    """How often a text has changed since it was the one that a translation was made from.

    A text that the history does not know counts as older than all of it.
    """
    last = max((place for place, (_at, text) in enumerate(versions) if text == made_from), default=None)
    after = versions[last + 1 :] if last is not None else versions[1:]
    return Behind(max(1, len(after)), after[0][0] if after else None)


def versions_of(kind: TranslatedKind, keys: Sequence[Any]) -> dict[str, dict[str, list[tuple[datetime, str]]]]:
    """The versions of the texts of rows, by key and field. A query for each 400 rows."""
    history: Any = getattr(kind.model, "history")  # noqa: B009 - each such model has one
    names = [field.name for field in kind.fields]
    found: dict[str, dict[str, list[tuple[datetime, str]]]] = {}
    pk = kind.model._meta.pk.name
    for begin in range(0, len(keys), ROWS_AT_ONCE):
        rows = history.filter(**{f"{pk}__in": keys[begin : begin + ROWS_AT_ONCE]})
        for key, at, *texts in rows.order_by("history_date", "history_id").values_list(pk, "history_date", *names):
            of_row = found.setdefault(str(key), {name: [] for name in names})
            for name, text in zip(names, texts, strict=True):
                if not of_row[name] or of_row[name][-1][1] != text:
                    of_row[name].append((at, text))
    return found


_all_versions: dict[str, Remembered[dict[str, dict[str, list[tuple[datetime, str]]]]]] = {}


def how_far(row: models.Model, name: str, made_from: str) -> Behind:
    """How far a translation of a field is behind. A public answer reads the histories of a model's translated rows together."""
    kind = _by_model[row._meta.label_lower]
    table = getattr(kind.model, "history").model._meta.db_table  # noqa: B009 - as above
    kept = _all_versions.setdefault(kind.kind, Remembered(TRANSLATIONS, scopes()[table], most=len(LANGUAGES)))
    versions = once(kept, f"versions of {kind.kind}", lambda: versions_of(kind, translated_keys(kind)))
    if versions is None:
        versions = versions_of(kind, [row.pk])
    return changes_since(versions.get(str(row.pk), {}).get(name, []), made_from)


def translated_keys(kind: TranslatedKind) -> list[Any]:
    """The keys of the rows of a model that have a translation."""
    keys = Translation.objects.filter(kind=kind.kind).order_by("row").values_list("row", flat=True).distinct()
    return [kind.model._meta.pk.to_python(key) for key in keys]


# --- The fields --------------------------------------------------------------------------------------------------


class TranslatedField(LocalField):
    """A text that editors translate. Args: in_language: what is known of it without them comes first."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if not getattr(self, "is_from_editors", False):
            self.is_from_editors = True
            self.known = self.in_language
            self.in_language = partial(_known_or_translated, self.known, name)


def _known_or_translated(known: Callable[[Any, str], str], name: str, row: models.Model, language: str) -> str:
    return known(row, language) or translated(row, language, name=name)


class TranslatedLineField(TranslatedField, LocalLineField):
    """A name or title that editors translate."""


class TranslatedProseField(TranslatedField, LocalProseField):
    """A text of several lines that editors translate."""


# --- Where every text stands -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """Where one text of one row stands in one language."""

    language: str
    field: TranslatedField
    original: str
    text: str
    """Empty where it is missing."""
    made_from: str
    behind: Behind | None
    translated_at: datetime | None
    """When it was last changed; None where it is missing, or known without an editor."""

    @property
    def is_missing(self) -> bool:
        return not self.text


def standings(
    kind: TranslatedKind, rows: Sequence[models.Model], known: Iterable[Translation] | None = None
) -> dict[str, list[Standing]]:
    """Of each row by its key, where each of its texts stands in each language. Two queries for each 400 rows.

    Texts that are empty in English have nothing to translate. Args: known: their translations, where they are read already.
    """
    of_rows = known if known is not None else Translation.objects.of_rows(kind, [row.pk for row in rows])
    translations = {(t.row, t.language): t for t in of_rows if t.kind == kind.kind}
    by_key = {str(row.pk): row for row in rows}
    stale = {
        row
        for (row, _language), translation in translations.items()
        if row in by_key
        and any(
            made_from != english_text(by_key[row], name) for name, (_t, made_from) in translation.by_field().items()
        )
    }
    versions = versions_of(kind, [by_key[row].pk for row in sorted(stale)])
    found: dict[str, list[Standing]] = {}
    for key, row in by_key.items():
        found[key] = []
        for field in kind.fields:
            original = english_text(row, field.name)
            if not original:
                continue
            for language, _name in LANGUAGES:
                translation = translations.get((key, language))
                text, made_from = translation.by_field().get(field.name, ("", "")) if translation else ("", "")
                at = translation.changed_at if translation is not None and text else None
                if official := field.known(row, language):
                    text, made_from, at = official, original, None
                behind = None
                if text and made_from != original:
                    behind = changes_since(versions.get(key, {}).get(field.name, []), made_from)
                found[key].append(Standing(language, field, original, text, made_from, behind, at))
    return found
