"""Brings the texts that an older version has kept to the one form (used by migrations)."""

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q

from config.kit.incoming.texts import clean_line, clean_text

# NUL is left out: no database lets us ask for it, and PostgreSQL holds none.
CONTROLS = [chr(n) for n in (*range(0x01, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F)]


def clean_old_rows(apps: Any, app_label: str, *, but: Collection[str] = ()) -> int:
    """Clean the rows of an app whose texts hold control characters, which break feeds and mails. Returns their number.

    Histories stay as they are: they tell what was. Args: but: models, in small letters, that must not change.
    """
    changed = 0
    for model in apps.get_app_config(app_label).get_models():
        name = model._meta.model_name
        if name in but or name.startswith("historical"):
            continue
        fields = [f for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField)]
        if not fields:
            continue
        holds_one = reduce(or_, (Q(**{f"{f.name}__contains": c}) for f in fields for c in CONTROLS))
        for row in model._default_manager.filter(holds_one).iterator():
            cleaned = {f.name: _cleaned(f, getattr(row, f.attname)) for f in fields}
            changed += model._default_manager.filter(pk=row.pk).update(**cleaned)
    return changed


def _cleaned(field: Any, value: str | None) -> str | None:
    if value is None:
        return None
    return clean_line(value) if isinstance(field, models.CharField) else clean_text(value)
