"""Model fields that all apps share."""

from typing import Any

from django.db import models
from django.forms import Field


class SourceField(models.URLField):
    """The address of a source. The form assumes https where an editor types no scheme."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """In migrations it is a plain URLField, so that no migration imports code of the project."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", list(args), dict(kwargs)

    def formfield(self, **kwargs: Any) -> Field | None:
        return super().formfield(**{"assume_scheme": "https", **kwargs})
