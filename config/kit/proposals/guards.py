"""Which models carry public content, so that one person alone cannot change it. Each app registers its own when it is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db.models import Model

from config.kit.models.proposals import Proposal


def _always(row: Any) -> bool:
    return True


def _own_page(row: Any) -> str:
    return str(row.get_absolute_url()) if hasattr(row, "get_absolute_url") else ""


def _the_usual(row: Any) -> str:
    return ""


def _nothing(*args: Any) -> None:
    """Do nothing more."""


@dataclass(frozen=True)
class Guard:
    """How changes of a model are guarded.

    Attributes:
        is_public: whether the public sees anything of a row: a change from or to such a row waits for a second person.
        page: the address of the public page on which a reviewer is shown the effect; empty where there is none.
        before_accepting: changes a row just before it is saved in the name of who accepts it.
        permission: what it takes to change such a row and to accept a change; that of the admin where none is named.
        permission_of: what it takes for one row, where that is another permission than for the others; else empty.
        may_be_deleted: whether a change may delete a row, as one that only leads to another.
        when_accepted: what follows from a saved row and the proposal that changed it, as columns that are computed from it.
        before_locking: takes locks of its own that must come before those of rows, so that no two wait for each other.
    """

    model: type[Model]
    is_public: Callable[[Any], bool] = _always
    page: Callable[[Any], str] = _own_page
    before_accepting: Callable[[Any, AbstractUser], object] = _nothing
    when_accepted: Callable[[Any, Proposal], object] = _nothing
    before_locking: Callable[[], object] = _nothing
    permission: str = ""
    permission_of: Callable[[Any], str] = _the_usual
    may_be_deleted: bool = False


_guards: dict[type[Model], Guard] = {}


def guard(*guards: Guard) -> None:
    """Guard models. One that is guarded already gets the later guard."""
    _guards.update({g.model: g for g in guards})


def guard_of(model: type[Model]) -> Guard | None:
    """The guard of a model; None for what nobody outside sees."""
    return _guards.get(model)


def guarded_models() -> list[type[Model]]:
    """All models that are guarded, in the order in which they were registered."""
    return list(_guards)
