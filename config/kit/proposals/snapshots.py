"""Rows as plain values, so that what a form would change can be kept, shown and done later by somebody else."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config.kit.models.row_versions import Related
from config.kit.proposals.guards import guard_of

Fields = dict[str, Any]
"""The values of a row's fields and links, as JSON keeps them."""
Key = tuple[str, Any]
"""The model of a row, as app.model, and its primary key."""


@dataclass(frozen=True)
class Entry:
    """A row at a moment: its values, and whether the public sees anything of it."""

    fields: Fields
    is_public: bool


Snapshot = dict[Key, Entry]


def fields_of(row: Model) -> Fields:
    """The values of a row as the database has it, with its links."""
    (found,) = serializers.serialize("python", [row])
    values = json.loads(json.dumps(found["fields"], cls=DjangoJSONEncoder))
    for link in row._meta.many_to_many:
        values[link.name] = sorted(values[link.name])
    return dict(values)


def snapshot(row: Model | None, related: Iterable[Related] = ()) -> Snapshot:
    """A row and the rows that belong to it, as the database has them now, the row itself first."""
    if row is None or row.pk is None:
        return {}
    rows: list[Model] = list(manager_of(type(row)).filter(pk=row.pk))
    for model, key in related:
        rows += manager_of(model).filter(**{key: row.pk}).order_by("pk")
    return {(each._meta.label_lower, each.pk): _entry(each) for each in rows}


def _entry(row: Model) -> Entry:
    guard = guard_of(type(row))
    return Entry(fields_of(row), guard is not None and guard.is_public(row))


def manager_of(model: type[Model]) -> Any:
    """All rows of a model, those that are taken out of the public pages included."""
    return model._base_manager


def differences(before: Snapshot, after: Snapshot) -> list[dict[str, Any]]:
    """What differs between two snapshots, row by row, in the form in which a proposal keeps it."""
    found = []
    for key in [*before, *(key for key in after if key not in before)]:
        label, pk = key
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            found.append({"model": label, "key": pk, "before": old and old.fields, "after": new and new.fields})
            continue
        names = [name for name in new.fields if new.fields[name] != old.fields.get(name)]
        if names:
            found.append(
                {
                    "model": label,
                    "key": pk,
                    "before": {name: old.fields.get(name) for name in names},
                    "after": {name: new.fields[name] for name in names},
                }
            )
    return found


def model_of(change: dict[str, Any]) -> type[Model]:
    """The model of a change."""
    return apps.get_model(change["model"])


def shown(field: Any, value: Any) -> str:
    """A value of a field for people: choices and rows by their names."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, models.DateTimeField):
        return f"{date_format(field.to_python(value), 'DATETIME_FORMAT')} UTC"
    if isinstance(field, models.DateField):
        return date_format(field.to_python(value), "DATE_FORMAT")
    if isinstance(field, models.ManyToManyField | models.ForeignKey):
        keys = value if isinstance(value, list) else [value]
        names = {row.pk: str(row) for row in manager_of(field.related_model).filter(pk__in=keys)}
        return "; ".join(names.get(field.related_model._meta.pk.to_python(key), str(key)) for key in keys)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value) if not isinstance(value, dict | list) else json.dumps(value, ensure_ascii=False)
