"""Cleans the texts that version 0.1.0 has kept as they came: control characters break feeds and mails."""

import re
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from config.kit.migrations._operations import in_batches

# NUL is left out: no database lets us ask for it, and PostgreSQL holds none.
CONTROLS = [chr(n) for n in (*range(0x01, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F)]
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def clean_old_rows(apps, app_label, *, but=()):
    """Clean the rows of an app whose texts hold control characters. Returns their number.

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
        for batch in in_batches(model._default_manager.filter(holds_one)):
            for row in batch:
                cleaned = {f.name: _cleaned(f, getattr(row, f.attname)) for f in fields}
                changed += model._default_manager.filter(pk=row.pk).update(**cleaned)
    return changed


def _cleaned(field, value):
    if value is None:
        return None
    text = _CONTROLS.sub("", _LINE_ENDS.sub("\n", value))
    return " ".join(text.split()) if isinstance(field, models.CharField) else text.strip()
