"""Fields that the serializers of all apps share."""

from typing import Any

from rest_framework import serializers

from treaties.models import State


class StateKey(serializers.SlugRelatedField):
    """A State by its code, or as the API itself shows it."""

    def __init__(self, **kwargs: Any) -> None:
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", State.objects.all())
        super().__init__("iso3", **kwargs)

    def to_internal_value(self, data: Any) -> State:
        key = data.get("iso3") if isinstance(data, dict) else data
        found: State = super().to_internal_value(key.upper() if isinstance(key, str) else key)
        return found
