"""Fields that the serializers of all apps share."""

from typing import Any

from rest_framework import serializers

from config.kit.parameters import SlugListField, SlugListFilter
from treaties.models import State
from treaties.models.states import name_key


def code_of(name: str) -> str:
    """The code of the State that has or had a name; an empty text where none has."""
    return State.objects.codes_by_key().get(name_key(name), "")


class StateListField(SlugListField):
    """One or several States, each by its code or by any name that it has or had."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("queryset", None)
        super().__init__(State.objects.all(), "iso3", other_names=code_of, **kwargs)


class StateListFilter(SlugListFilter):
    """Rows of the States that are named by code or by any name."""

    field_class = StateListField


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
