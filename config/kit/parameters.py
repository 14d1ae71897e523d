"""What a request may ask: known names, values that can be read. Anything else is refused by name, for pages and API alike."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from config.kit.formats.languages import CODES, nearest

KEY = r"^[-A-Za-z0-9_]+$"
"""What the key of a row in an address is made of."""

EVERYWHERE = frozenset({"format", "lang"})
"""Parameters that every endpoint of the API knows."""


class ISODateField(forms.DateField):
    """A date as YYYY-MM-DD and nothing else, within years that leave room for reckoning."""

    YEARS = range(1000, 3000)

    widget = forms.DateInput(attrs={"type": "date"})
    default_error_messages = {
        "invalid": _("Give a date of the calendar as YYYY-MM-DD, for example 2025-06-16."),
        "out_of_range": _("Give a year from 1000 to 2999."),
    }

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        text = str(value).strip()
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            try:
                day = date.fromisoformat(text)
            except ValueError as error:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from error
            if day.year not in self.YEARS:
                raise ValidationError(self.error_messages["out_of_range"], code="out_of_range")
            return day
        raise ValidationError(self.error_messages["invalid"], code="invalid")


class ISOMomentField(forms.Field):
    """A moment in ISO 8601; UTC where it names no offset."""

    default_error_messages = {"invalid": _("Give a moment as 2025-06-16T12:00:00Z.")}

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            moment = parse_datetime(str(value).strip())
            if moment is None:
                raise ValueError("not a moment")
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class SlugListField(forms.MultipleChoiceField):
    """One or several things by their key, whatever the case of its letters; an unknown key is refused by name."""

    def __init__(
        self,
        queryset: QuerySet | Callable[[], QuerySet],
        key: str,
        other_names: Callable[[str], str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Args: queryset: the things, or a function that gives them where they depend on the moment.

        other_names: gives the key of the thing that has another name; an empty text where none has.
        """
        super().__init__(**kwargs)
        self.queryset = queryset
        self.key = key
        self.other_names = other_names

    def things(self) -> QuerySet:
        return self.queryset() if callable(self.queryset) else self.queryset.all()

    def clean(self, value: Any) -> list[Model]:
        wanted = {str(v).casefold(): str(v) for v in value or []}
        if not wanted:
            return []
        if any("\x00" in v for v in wanted):
            raise ValidationError(_("Null characters are not allowed."), code="invalid")
        found = {str(getattr(o, self.key)).casefold(): o for o in self.things()}
        if self.other_names and wanted.keys() - found.keys():
            keys = {given: given if folded in found else self.other_names(given) for folded, given in wanted.items()}
            wanted = {(keys[given] or given).casefold(): given for given in wanted.values()}
        unknown = [given for folded, given in wanted.items() if folded not in found]
        if unknown:
            raise ValidationError(_("Unknown: %(keys)s."), code="invalid_choice", params={"keys": ", ".join(unknown)})
        return [found[folded] for folded in wanted]


class SlugListFilter(django_filters.Filter):
    """Rows that have one of the things named by key."""

    field_class: type[forms.Field] = SlugListField

    def filter(self, qs: QuerySet, value: list[Model]) -> QuerySet:
        if not value:
            return qs
        chosen = {f"{self.field_name}__in": value}
        field = qs.model._meta.get_field(self.field_name.partition("__")[0])
        if not (field.many_to_many or field.one_to_many):
            return qs.filter(**chosen)
        # A row that has several of the things is found once; whole rows are not compared for that.
        return qs.filter(pk__in=qs.model._default_manager.filter(**chosen).order_by().values("pk"))


class NumberListField(forms.MultipleChoiceField):
    """One or several numbers of rows."""

    MOST = 500
    LARGEST = 10**18 - 1
    default_error_messages = {
        "invalid": _("Give whole numbers from 1 on."),
        "too_many": _("Give at most 500."),
    }

    def clean(self, value: Any) -> list[int]:
        given = [str(v).strip() for v in value or []]
        if len(given) > self.MOST:
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        if not all(re.fullmatch(r"[1-9][0-9]{0,17}", v) for v in given):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return [int(v) for v in given]


class NumberListFilter(django_filters.Filter):
    """The rows of these numbers; numbers that no row has find nothing."""

    field_class = NumberListField

    def filter(self, qs: QuerySet, value: list[int]) -> QuerySet:
        return qs.filter(pk__in=value) if value else qs


class TruthFilter(django_filters.ChoiceFilter):
    """`true` or `false`, by a QuerySet's own method, which gives the rows of which it is true on a day: today (UTC)."""

    def __init__(self, truth: str, **kwargs: Any) -> None:
        super().__init__(choices=[("true", "true"), ("false", "false")], **kwargs)
        self.truth = truth

    def filter(self, qs: Any, value: str) -> QuerySet:
        if not value:
            return qs
        true = getattr(qs.model.objects, self.truth)(timezone.now().date()).order_by().values("pk")
        found: QuerySet = qs.filter(pk__in=true) if value == "true" else qs.exclude(pk__in=true)
        return found


class LanguageField(forms.CharField):
    """A language that something public is written in, or one of the United Nations', whatever the case of its letters."""

    def __init__(self, used: Callable[[], Iterable[str]], **kwargs: Any) -> None:
        """Args: used: gives the languages that are used at the moment."""
        super().__init__(max_length=10, **kwargs)
        self.used = used

    def clean(self, value: Any) -> str:
        given = str(super().clean(value))
        if not given:
            return given
        known = {language.casefold() for language in self.used()} | CODES
        if given.casefold() not in known:
            raise ValidationError(_("Available: %(names)s."), "invalid_choice", {"names": ", ".join(sorted(known))})
        return given


class LanguageFilter(django_filters.Filter):
    field_class = LanguageField


class ISODateFilter(django_filters.Filter):
    field_class = ISODateField


class ISOMomentFilter(django_filters.Filter):
    field_class = ISOMomentField


def _refusal(sentence: Any, code: str) -> exceptions.ErrorDetail:
    return exceptions.ErrorDetail(str(sentence), code)


def check_names(query: QueryDict, known: Collection[str], repeatable: Collection[str] = ()) -> None:
    """Refuse parameters that are unknown, empty, or given twice where one value is meant; each by its name."""
    errors: dict[str, list[Any]] = {}
    for name in query:
        values = query.getlist(name)
        if name not in known:
            errors[name] = [_refusal(_("Unknown parameter."), "unknown_parameter")]
        elif any(not v.strip() for v in values):
            errors[name] = [_refusal(_("This parameter has no value."), "empty")]
        elif len(values) > 1 and name not in repeatable:
            errors[name] = [_refusal(_("This parameter can be given once only."), "repeated")]
        elif any("\x00" in v for v in values):
            errors[name] = [_refusal(_("Null characters are not allowed."), "null_characters")]
    if "lang" in query and "lang" not in errors and not nearest(str(query["lang"])):
        sentence = _("Available: %(names)s.") % {"names": ", ".join(sorted(CODES))}
        errors["lang"] = [_refusal(sentence, "invalid_choice")]
    if errors:
        raise exceptions.ValidationError(errors)


def repeatable_names(fields: Iterable[tuple[str, forms.Field]]) -> set[str]:
    """The names whose fields take several values."""
    return {name for name, field in fields if isinstance(field, forms.MultipleChoiceField)}


def parse_query(form_class: type[forms.Form], query: QueryDict, also: Collection[str] = ()) -> dict[str, Any]:
    """The values of an endpoint's own parameters, typed. Raises DRF's ValidationError that names each bad one."""
    form = form_class(query)
    check_names(query, {*form.fields, *EVERYWHERE, *also}, repeatable_names(form.fields.items()))
    if not form.is_valid():
        raise exceptions.ValidationError(
            {
                name: [exceptions.ErrorDetail(sentence, error.code) for error in errors for sentence in error.messages]
                for name, errors in form.errors.as_data().items()
            }
        )
    return form.cleaned_data


OF_OTHERS = re.compile(r"utm_.*|_ga|_gl|(fb|g|dc|ms|tw|y)clid|gbraid|wbraid|mc_[ce]id|igshid", re.IGNORECASE)
"""What mail programs and networks append to any link. It asks for nothing."""


def unknown_names(query: QueryDict, known: Collection[str]) -> list[str]:
    """What a page was asked and does not know."""
    return [name for name in query if name not in known and name != "lang" and not OF_OTHERS.fullmatch(name)]


def parsed_query(request: HttpRequest, form: forms.Form, also: Collection[str] = ()) -> tuple[dict[str, Any], int]:
    """What a page could read of its query, and its HTTP status: 400 where a part could not be read, else 200.

    What the page does not know is told among the errors of the form.
    Args: also: names that the page knows besides the fields.
    """
    request.knows_its_query = True  # type: ignore[attr-defined]
    form.is_valid()
    for name in unknown_names(request.GET, {*form.fields, *also}):
        form.add_error(None, _("This page does not know “%(name)s”: it is shown without it.") % {"name": name})
    return {name: form.cleaned_data.get(name) for name in form.fields}, 400 if form.errors else 200
