"""What other apps add to the pages of the record. They register here; the record itself imports none of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import User

from treaties.models import State, Treaty


@dataclass(frozen=True)
class Section:
    """A part of a State's page: a template and what it shows."""

    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class Preset:
    """A day worth looking at."""

    label: str
    on: date


@dataclass(frozen=True)
class Need:
    """Something that waits for an editor: a sentence and where to do it."""

    text: str
    url: str


@dataclass(frozen=True)
class GivenReason:
    """What was said for a State's leaving, in its own voice: who, when, the words, and where they are."""

    who: str
    on: date
    words: str
    url: str


StateSections = Callable[[State, date], Section | None]
Presets = Callable[[Treaty], Iterable[Preset]]
Needs = Callable[[User], Iterable[Need]]
Reasons = Callable[[Treaty, date], Iterable[tuple[str, GivenReason]]]


@dataclass
class Registry:
    sections: list[StateSections] = field(default_factory=list)
    presets: list[Presets] = field(default_factory=list)
    needs: list[Needs] = field(default_factory=list)
    reasons: list[Reasons] = field(default_factory=list)


registry = Registry()


def sections_about(state: State, on: date) -> list[Section]:
    """The sections that other apps have about a State, in the order of the apps."""
    return [section for make in registry.sections if (section := make(state, on)) is not None]


def presets_for(treaty: Treaty) -> list[Preset]:
    """The days that other apps propose for a treaty's pages."""
    return [preset for make in registry.presets for preset in make(treaty)]


def needs_of(user: User) -> list[Need]:
    """What waits for an editor, from all apps, in their order."""
    return [need for make in registry.needs for need in make(user)]


def reasons_given(treaty: Treaty, on: date) -> dict[str, list[GivenReason]]:
    """By State, the reasons given for its leaving by a day, in the order of their days."""
    found: dict[str, list[GivenReason]] = {}
    for make in registry.reasons:
        for iso3, reason in make(treaty, on):
            found.setdefault(iso3, []).append(reason)
    return {iso3: sorted(reasons, key=lambda r: r.on) for iso3, reasons in found.items()}
