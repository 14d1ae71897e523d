"""Where other apps add to the pages of States and treaties. They register in their `AppConfig.ready`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from config.kit.extension_points import ExtensionPoint
from treaties.models import State, Treaty, TreatyAction


@dataclass(frozen=True)
class Section:
    """A part of a State's page: a template and what it shows."""

    template: str
    context: dict[str, Any]
    comes_first: bool = False
    """Whether it stands above the record: what is asked of the State and what it promised."""


@dataclass(frozen=True)
class Preset:
    """A day that the date picker offers."""

    label: str
    on: date


@dataclass(frozen=True)
class GivenReason:
    """Why a State leaves, as it said itself: who, when, what was said in our words or in its own, and where one reads it."""

    who: str
    on: date
    url: str
    summary: str = ""
    words: str = ""
    said_in: str = ""
    """The language of the words, where what is shown is a translation."""


@dataclass(frozen=True)
class SourceText:
    """This site's own page of a source: its title and address, and what the ledger says of each number in it."""

    title: str
    url: str
    verdicts: Sequence[str]


@dataclass(frozen=True)
class Dependent:
    """Something public whose number would be another one without a row of the ledger: its words, and its address."""

    text: str
    url: str


state_sections: ExtensionPoint[Callable[[State, date], Section | None]] = ExtensionPoint()
day_presets: ExtensionPoint[Callable[[Treaty], Iterable[Preset]]] = ExtensionPoint()
dependents: ExtensionPoint[Callable[[TreatyAction], Iterable[Dependent]]] = ExtensionPoint()
withdrawal_sections: ExtensionPoint[Callable[[Treaty, date], Section | None]] = ExtensionPoint()
given_reasons: ExtensionPoint[Callable[[Treaty, date], Iterable[tuple[str, GivenReason]]]] = ExtensionPoint()
source_texts: ExtensionPoint[Callable[[str], SourceText | None]] = ExtensionPoint()


def sections_about(state: State, on: date) -> list[Section]:
    """The sections that other apps add to a State's page, in the order of registration."""
    return [section for make in state_sections if (section := make(state, on)) is not None]


def what_rests_on(act: TreatyAction) -> list[Dependent]:
    """What other apps have published that rests on a row of the ledger."""
    return [found for find in dependents for found in find(act)]


def presets_for(treaty: Treaty) -> list[Preset]:
    """The days that other apps propose for a treaty's pages."""
    return [preset for make in day_presets for preset in make(treaty)]


def text_of_source(source_url: str) -> SourceText | None:
    """The page that this site has of a source, if there is one."""
    return next((text for find in source_texts if (text := find(source_url)) is not None), None)


def withdrawal_reasons(treaty: Treaty, on: date) -> dict[str, list[GivenReason]]:
    """By State, the reasons given for leaving up to a day, oldest first; of one day, those told in our words first."""
    found: dict[str, list[GivenReason]] = {}
    for find in given_reasons:
        for iso3, reason in find(treaty, on):
            found.setdefault(iso3, []).append(reason)
    return {iso3: _each_once(sorted(reasons, key=lambda r: (r.on, not r.summary))) for iso3, reasons in found.items()}


def _each_once(reasons: Iterable[GivenReason]) -> list[GivenReason]:
    """Words that two tell of stand once: with the summary of one, and the speaker and the page that the other names."""
    kept: list[GivenReason] = []
    for reason in reasons:
        words = reason.words.strip(" .")
        same = next((n for n, other in enumerate(kept) if words and words in other.words), None)
        if reason.summary or same is None:
            kept.append(reason)
        elif kept[same].summary:
            kept[same] = replace(kept[same], who=reason.who, url=reason.url)
    return kept


def after_withdrawals(treaty: Treaty, on: date) -> list[Section]:
    """The sections that other apps add to the page of a treaty's withdrawals, in the order of registration."""
    return [section for make in withdrawal_sections if (section := make(treaty, on)) is not None]
