"""One version in the history for one act of an editor, though a row and its links are saved one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Model
from django.dispatch import receiver
from simple_history.signals import pre_create_historical_record


def has_links_in_history(model: type[Model]) -> bool:
    """Whether links to other rows are part of the model's history, so that saving them would make a version of its own."""
    history: Any = getattr(model, "history", None)
    return history is not None and bool(history.model._history_m2m_fields)


def begin_version(row: Any) -> None:
    """From now on nothing that is saved of the row makes a version, until `end_version`."""
    row.skip_history_when_saving = True


def end_version(row: Any, *, is_new: bool) -> None:
    """Make one version of all that was saved since `begin_version`; the first one, if the row is new."""
    del row.skip_history_when_saving
    row._history_begins = is_new
    try:
        row.save()
    finally:
        del row._history_begins


@receiver(pre_create_historical_record, dispatch_uid="config.kit.histories.begin")
def _begin(sender: object, instance: Any, history_instance: Any, **kwargs: Any) -> None:
    """The row was saved before, so the history takes it for a change: it is the first version all the same."""
    if getattr(instance, "_history_begins", False):
        history_instance.history_type = "+"


@contextmanager
def one_version(row: Model, *, is_new: bool) -> Iterator[None]:
    """All that is saved of the row and its links inside is one version."""
    begin_version(row)
    yield
    end_version(row, is_new=is_new)
