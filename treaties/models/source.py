from typing import Any

from django.db import models
from django.forms import Field


class SourceField(models.URLField):
    """The address of a source; https where an editor gives no scheme."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Field | None:
        return super().formfield(**{"assume_scheme": "https", **kwargs})
