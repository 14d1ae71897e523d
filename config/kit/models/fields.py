"""Model fields that all apps share.

Every text of the site is kept in one of them, so it passes the one normalisation (`config.kit.incoming.texts`) whichever way it
comes: form, admin, API, table, data file, command, `bulk_create` or `update`.
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute
from django.forms import Field
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from config.kit.incoming import form_fields
from config.kit.incoming.texts import clean_line, clean_text

ENGLISH: str = settings.LANGUAGE_CODE


class NormalisedField(models.Field):
    """The mechanism: `normalise` is applied when a value is checked, when a row is saved, and in `update`."""

    normalise: Callable[[str], str]

    def _normalised(self, value: Any) -> Any:
        return type(self).normalise(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        return self._normalised(super().to_python(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Set the normalised value on the instance too, so that it reads as the database has it."""
        value = self._normalised(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return super().get_db_prep_save(self._normalised(value), connection)

    def deconstruct(self) -> Any:
        """In migrations it is Django's own field, so that no migration imports code of the project."""
        name, _path, args, kwargs = super().deconstruct()
        plain = next(c for c in type(self).__mro__ if c.__module__.startswith("django.db.models"))
        return name, f"django.db.models.{plain.__name__}", args, kwargs


class LineField(NormalisedField, models.CharField):
    """A text of one line."""

    normalise = staticmethod(clean_line)

    def formfield(self, **kwargs: Any) -> Field | None:
        return super().formfield(**{"form_class": form_fields.LineField, **kwargs})


class ProseField(NormalisedField, models.TextField):
    """A text of several lines."""

    normalise = staticmethod(clean_text)

    def formfield(self, **kwargs: Any) -> Field | None:
        return super().formfield(**{"form_class": form_fields.ProseField, **kwargs})


def english_text(row: models.Model, name: str) -> str:
    """A name as it stands in the row, whatever the language of the page."""
    return str(vars(row)[name])


class LocalText(DeferredAttribute):
    """Gives a text in the language of the page, where the field knows it in that language; else as it stands in the row."""

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        read = vars(instance)
        name = self.field.attname
        if name not in read:
            # The row was read without it: Django reads it now, and sets what this gives.
            with override(ENGLISH):
                super().__get__(instance, cls)
        text = read[name]
        language = get_language()
        if not text or language is None or language == ENGLISH:
            return text
        return getattr(self.field, "in_language")(instance, str(language)) or text  # noqa: B009 - for the type checker

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Keep the English text. It stands here so that Python asks `__get__` although the row has its own value."""
        vars(instance)[self.field.attname] = value


class LocalField(NormalisedField):
    """The mechanism of texts that are known in other languages too. What is stored is the English one."""

    descriptor_class = LocalText

    def __init__(
        self, *args: Any, in_language: Callable[[Any, str], str] = lambda _instance, _language: "", **kwargs: Any
    ) -> None:
        """Args: in_language: gives the text of a row in a language; an empty text where it is not known."""
        super().__init__(*args, **kwargs)
        self.in_language = in_language

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        with override(ENGLISH):
            return super().pre_save(model_instance, add)

    def value_from_object(self, obj: models.Model) -> Any:
        """For forms and records of changes: what stands in the row."""
        with override(ENGLISH):
            return super().value_from_object(obj)


class LocalLineField(LocalField, LineField):
    """A name or title that is known in other languages too."""


class LocalProseField(LocalField, ProseField):
    """A text of several lines that is known in other languages too."""


class HasLocalTexts(models.Model):
    """A model with such fields. It is checked and saved by its English texts, whatever the language of who asks for it."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with override(ENGLISH):
            super().save(*args, **kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        with override(ENGLISH):
            super().clean_fields(exclude=exclude)


class SourceField(NormalisedField, models.URLField):
    """The address of a source. The form assumes https where an editor types no scheme."""

    normalise = staticmethod(clean_line)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Field | None:
        return super().formfield(**{"assume_scheme": "https", **kwargs})


class SlugField(models.SlugField):
    """The address of a public thing. A new one has small letters, and no two differ by capitals only.

    What an older version has published with capitals stays where it is.
    """

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        given = str(value)
        if model_instance is not None and model_instance._state.adding:
            given = given.lower()
        if self.unique and model_instance is not None:
            alike = type(model_instance)._default_manager.filter(**{f"{self.name}__iexact": given})
            if alike.exclude(pk=model_instance.pk).exists():
                message = _("This address is taken: another one differs from it by its capitals at most.")
                raise ValidationError(message, code="unique")
        return super().clean(given, model_instance)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if add and isinstance(value, str):
            value = value.lower()
            setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        """In migrations it is Django's own field, so that no migration imports code of the project."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.SlugField", args, kwargs


_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?", re.IGNORECASE)


def language_tag(text: str) -> str:
    """A language in the spelling of BCP 47 (`zh-Hans`, `pt-BR`); a text that is no language tag stays as it is."""
    match = _LANGUAGE.fullmatch(clean_line(text))
    if match is None:
        return clean_line(text)
    language, script, region = match.groups()
    return "-".join(part for part in (language.lower(), (script or "").title(), (region or "").upper()) if part)


def check_language_tag(value: str) -> None:
    """Raises ValidationError for what is no language tag: language, script, region (RFC 5646, section 2.1)."""
    if not _LANGUAGE.fullmatch(value):
        raise ValidationError(_("Give a language tag as in BCP 47, for example en, ar or zh-Hans."), code="invalid")


class LanguageField(LineField):
    """The language of a text, as a tag of BCP 47."""

    normalise = staticmethod(language_tag)
    default_validators = [check_language_tag]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        super().__init__(*args, **kwargs)
