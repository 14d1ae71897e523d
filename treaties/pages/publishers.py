"""Who publishes a source, and how near it stands to the act: the Depositary first, then States, then the press."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _

FILE = Path(__file__).resolve().parents[1] / "data" / "publishers.csv"
OF_GOVERNMENTS = {"gov", "govt", "gob", "gouv", "gv", "go", "mil"}
"""The names below which the hosts of a government stand: gov.uk, govt.nz, gv.at."""


class Grade(models.TextChoices):
    """How near a source stands to the act, the nearest first."""

    DEPOSITARY = "depositary", _("Depositary")
    UNITED_NATIONS = "united_nations", _("United Nations, bodies of the treaties, organizations of States")
    GOVERNMENT = "government", _("Governments and parliaments")
    ORGANIZATION = "organization", _("Organizations of experts and aid")
    PRESS = "press", _("Press and other sites")


@dataclass(frozen=True)
class Publisher:
    name: str
    grade: Grade


@dataclass(frozen=True)
class Source:
    """A source of what a page tells: what it is about, the day of that, and the address."""

    about: str
    on: date
    url: str


@cache
def _known() -> dict[str, Publisher]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["host"]: Publisher(row["publisher"], Grade(row["grade"])) for row in csv.DictReader(file)}


def publisher_of(url: str) -> Publisher:
    """Who publishes what stands at an address. Of a host that is not known its own name, graded as press unless a government's."""
    host = (urlsplit(url).hostname or "").removeprefix("www.").rstrip(".")
    parts = host.split(".")
    for start in range(len(parts) - 1):
        if found := _known().get(".".join(parts[start:])):
            return found
    is_of_government = bool(OF_GOVERNMENTS & set(parts[-2:]))
    return Publisher(host, Grade.GOVERNMENT if is_of_government else Grade.PRESS)


def by_grade(sources: Iterable[Source]) -> list[tuple[Grade, list[tuple[Source, Publisher]]]]:
    """Sources by grade, the nearest to the act first; within a grade the newest first, each thing at an address once."""
    found: dict[Grade, list[tuple[Source, Publisher]]] = {grade: [] for grade in Grade}
    for source in sorted(set(sources), key=lambda s: (s.on, s.about, s.url), reverse=True):
        publisher = publisher_of(source.url)
        found[publisher.grade].append((source, publisher))
    return [(grade, rows) for grade, rows in found.items() if rows]
