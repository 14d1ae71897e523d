"""Loads from campaign/data why States leave the Convention, and what others said of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from campaign.models import Position
from config.kit.incoming.loading import LoadedRows, LoaderCommand, Problems, Row, create_linked, read_csv
from treaties.models import State, Treaty

Links = Mapping[str, list[State]]


class Loader:
    """One run over one file. Nothing is kept unless every row is right."""

    def __init__(self, path: Path, states: Mapping[str, State], treaty: Treaty) -> None:
        self.path = path
        self.states = states
        self.treaty = treaty
        self.problems = Problems()
        self.loaded = LoadedRows(path.name, self.problems)
        self.new: list[tuple[Position, Links]] = []

    def run(self) -> list[str]:
        take = FILES[self.path.name]
        with transaction.atomic():
            for row in read_csv(self.path, self.problems):
                take(self, row)
            self.problems.stop_if_any()
            create_linked(self.new)
            self.loaded.save()
        return self.loaded.report()

    def reason(self, row: Row) -> None:
        """A State gives a reason for its own leaving."""
        state, office = row.one_of("iso3", self.states), row.text("by_office", required=True)
        if self.loaded.is_new(row, f"{row.text('iso3')} {row.text('said_on')} {office}"):
            position = Position(
                kind=Position.Kind.REASON,
                who=office,
                said_on=row.required_day("said_on"),
                summary=row.text("reason_summary", required=True),
                quote=row.text("quote"),
                language=row.text("language"),
                source_url=row.text("source_url", required=True),
            )
            self.add(row, position, {"states": [state], "about": [state]})

    def reaction(self, row: Row) -> None:
        """A State, several, or an organization says something of it. States are named by their codes."""
        who, about = row.text("who", required=True), row.text("about_iso3")
        if not self.loaded.is_new(row, f"{who} {row.text('on')} {row.text('kind')} {about}"):
            return
        named = who.split(";")
        speakers = [self.states[code] for code in named] if all(code in self.states for code in named) else []
        unknown = [code for code in about.split(";") if code and code not in self.states]
        for code in unknown:
            row.wrong(f"about_iso3: unknown {code!r}.")
        position = Position(
            kind=row.choice("kind", Position.Kind),
            who="" if speakers else who,
            said_on=row.required_day("on"),
            summary=row.text("summary", required=True),
            source_url=row.text("source_url", required=True),
            note=row.text("note"),
        )
        about_states = [self.states[code] for code in about.split(";") if code in self.states]
        self.add(row, position, {"states": speakers, "about": about_states})

    def add(self, row: Row, position: Position, links: Links) -> None:
        position.treaty = self.treaty
        self.new.append((row.checked(position), links))


FILES: Mapping[str, Callable[[Loader, Row], Any]] = {
    "withdrawal_reasons.csv": Loader.reason,
    "reactions.csv": Loader.reaction,
}
"""By file, what one row of it is."""


class Command(LoaderCommand):
    help = __doc__
    data_folder = Path(__file__).resolve().parents[2] / "data"

    def load(self, folder: Path) -> list[str]:
        states, treaty = {state.pk: state for state in State.objects.all()}, Treaty.objects.main()
        return [line for name in FILES for line in Loader(folder / name, states, treaty).run()]
