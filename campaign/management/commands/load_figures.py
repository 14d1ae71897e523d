"""Loads the humanitarian figures of the world and of States from campaign/data."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction

from campaign.models import HumanitarianFigure
from config.kit.incoming.loading import LoadedRows, LoaderCommand, Problems, Row, create_all, read_csv
from treaties.models import State

WORLD = "WLD"
Measure = HumanitarianFigure.Measure
FILES: Mapping[str, Sequence[tuple[str, str, Measure]]] = {
    "casualties.csv": (
        ("total", "year", Measure.CASUALTIES),
        ("killed", "year", Measure.KILLED),
        ("injured", "year", Measure.INJURED),
        ("children", "year", Measure.CHILDREN),
    ),
    "contamination.csv": (("area_km2", "as_of", Measure.CONTAMINATED),),
    "clearance.csv": (
        ("released_km2", "year", Measure.RELEASED),
        ("cleared_km2", "year", Measure.CLEARED),
        ("mines_destroyed", "year", Measure.MINES_DESTROYED),
    ),
    "stockpiles.csv": (
        ("destroyed_total", "completed_on", Measure.STOCK_DESTROYED),
        ("retained", "retained_year", Measure.RETAINED),
    ),
    "stocks_left.csv": (("remaining", "year", Measure.REMAINING),),
}
"""By file: each column of numbers, the column that has its year, and what it counts. A number without a year is not loaded."""


class Loader:
    """One run over one file. Nothing is kept unless every row is right."""

    def __init__(self, path: Path, states: Mapping[str, State]) -> None:
        self.path = path
        self.states = states
        self.problems = Problems()
        self.loaded = LoadedRows(path.name, self.problems)
        self.new: list[HumanitarianFigure] = []

    def run(self) -> list[str]:
        with transaction.atomic():
            for row in read_csv(self.path, self.problems):
                self.take(row)
            self.problems.stop_if_any()
            create_all(HumanitarianFigure, self.new)
            self.loaded.save()
        return self.loaded.report()

    def take(self, row: Row) -> None:
        iso3 = row.text("iso3", required=True)
        state = None if iso3 == WORLD else row.one_of("iso3", self.states)
        extent, note = row.text("extent"), row.text("note")
        if state and "extent" in row.values and not extent:
            extent = "extent not given"  # the source lists the State among those with mined areas
        found = []
        for column, year_column, measure in FILES[self.path.name]:
            value, year = self.number(row, column), row.text(year_column)[:4]
            word = extent if measure is Measure.CONTAMINATED else ""
            if year.isdigit() and (value is not None or word):
                found.append((measure, int(year), value, word))
        days = {row.text(year_column) for _column, year_column, _measure in FILES[self.path.name]}
        if not found or not self.loaded.is_new(row, " ".join([iso3, *sorted(days)])):
            return
        if revised := row.text("total_revised"):
            later = f"A later count: {revised}"
            note = f"{note}. {later}" if note else later
        for measure, of_year, value, word in found:
            figure = HumanitarianFigure(
                state=state,
                measure=measure,
                year=of_year,
                value=value,
                extent=word,
                source_url=row.text("source_url", required=True),
                note=note,
            )
            self.new.append(row.checked(figure))

    def number(self, row: Row, column: str) -> Decimal | None:
        text = row.text(column)
        if not text:
            return None
        try:
            return Decimal(text)
        except InvalidOperation:
            row.wrong(f"{column}: {text!r} is not a number.")
            return None


class Command(LoaderCommand):
    help = __doc__
    data_folder = Path(__file__).resolve().parents[2] / "data"

    def load(self, folder: Path) -> list[str]:
        states = {state.pk: state for state in State.objects.all()}
        return [line for name in FILES for line in Loader(folder / name, states).run()]
