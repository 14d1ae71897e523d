"""What an editor saw of a row, so that nobody overwrites what somebody else has saved since.

A version is the digests of all fields of a row, and of the rows that are edited with it, joined by hyphens. Two versions of
one row tell which fields differ.
"""

import hashlib
from collections.abc import Iterable
from itertools import zip_longest

from django.db.models import Model

Related = tuple[type[Model], str]
"""Rows that are edited together with another: their model, and the name of their foreign key to it."""


def _parts(row: Model, related: Iterable[Related]) -> list[tuple[str, str]]:
    """The name and the value, as text, of everything that an editor could change."""
    meta = row._meta
    parts = [(str(f.verbose_name), str(f.value_from_object(row))) for f in meta.concrete_fields]
    parts += [(str(f.verbose_name), str(sorted(r.pk for r in getattr(row, f.name).all()))) for f in meta.many_to_many]
    for model, key in related:
        names = [f.attname for f in model._meta.concrete_fields]
        rows = model._default_manager.filter(**{key: row.pk}).order_by("pk").values_list(*names)
        parts.append((str(model._meta.verbose_name_plural), str(list(rows))))
    return parts


def _digests(parts: Iterable[tuple[str, str]]) -> list[str]:
    return [hashlib.sha256(value.encode()).hexdigest()[:8] for _name, value in parts]


def version_of(row: Model, related: Iterable[Related] = ()) -> str:
    """The version of a row as it is in memory, and of its related rows as the database has them."""
    return "-".join(_digests(_parts(row, related)))


def changed_between(seen: str, row: Model, related: Iterable[Related] = ()) -> list[str]:
    """The names of the fields that have changed since a version was seen."""
    parts = _parts(row, related)
    compared = zip_longest(seen.split("-"), _digests(parts), (name for name, _value in parts))
    return [name for then, now, name in compared if name is not None and then != now]
