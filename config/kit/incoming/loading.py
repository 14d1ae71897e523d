"""Loading the project's data files: every row is checked before anything is written, and each row is loaded once.

The loaders of all apps use it. Errors name file and line; if there are any, nothing is loaded. A row that was loaded before and is
as it was is skipped. One that was corrected in the file reaches the database, unless an editor has changed there what came of it:
what editors did is never lost.
"""

import csv
import hashlib
import json
from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import models
from simple_history.utils import bulk_create_with_history

from config.kit.models import LoadedRow
from config.kit.models.histories import one_version
from config.kit.models.telling import tell

LINE = "__line__"
Values = Mapping[str, Any]
AnyModel = TypeVar("AnyModel", bound=models.Model)


class InvalidData(Exception):
    """The data has errors. Each is a sentence that begins with file and line."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass
class Problems:
    """The errors of all files, collected so that one run reports all of them."""

    errors: list[str] = field(default_factory=list)

    def add(self, file: str, line: int, message: str) -> None:
        self.errors.append(f"{file}:{line}: {message}")

    def stop_if_any(self) -> None:
        if self.errors:
            raise InvalidData(self.errors)


@dataclass
class Row:
    """One row of a file, with typed access to its cells. A cell that cannot be read is added to the problems and is None."""

    file: str
    line: int
    values: Values
    problems: Problems

    def wrong(self, message: str) -> None:
        self.problems.add(self.file, self.line, message)

    def text(self, name: str, required: bool = False) -> str:
        value = self.values.get(name)
        found = "" if value is None else str(value).strip()
        if required and not found:
            self.wrong(f"{name} is missing.")
        return found

    def day(self, name: str, required: bool = False) -> date | None:
        found = self.text(name, required)
        if not found:
            return None
        try:
            return date.fromisoformat(found)
        except ValueError:
            self.wrong(f"{name}: {found!r} is not a date of the calendar (YYYY-MM-DD).")
            return None

    def required_day(self, name: str) -> date:
        """The day; where it cannot be read, a stand-in, since nothing will be loaded."""
        return self.day(name, required=True) or date.min

    def number(self, name: str) -> int | None:
        found = self.text(name)
        if not found:
            return None
        if not found.isdigit():
            self.wrong(f"{name}: {found!r} is not a whole number.")
            return None
        return int(found)

    def boolean(self, name: str) -> bool:
        found = self.text(name, required=True).lower()
        if found not in ("true", "false"):
            self.wrong(f"{name}: {found!r} is neither true nor false.")
        return found == "true"

    def choice(self, name: str, choices: type[models.TextChoices], default: str = "") -> str:
        found = self.text(name) or default
        if found not in choices.values:
            self.wrong(f"{name}: {found!r} is none of {', '.join(choices.values)}.")
        return found

    def one_of(self, name: str, known: Mapping[str, Any], required: bool = True) -> Any:
        """The thing that the cell names by its key. An unknown key is a problem."""
        found = self.text(name, required)
        if found and found not in known:
            self.wrong(f"{name}: unknown {found!r}.")
        return known.get(found)

    def several_of(self, name: str, known: Mapping[str, Any]) -> list[Any]:
        """The things that a list names by their keys. An unknown key is a problem."""
        names = self.values.get(name) or []
        for n in names:
            if n not in known:
                self.wrong(f"{name}: unknown {n!r}.")
        return [known[n] for n in names if n in known]

    def several_by_keys(self, name: str, keys: Sequence[str], known: Mapping[tuple[Any, ...], Any]) -> list[Any]:
        """The things that a list of mappings names, each by several keys. An unknown one is a problem."""
        found = []
        for named in self.values.get(name) or []:
            key = tuple(named.get(k) for k in keys)
            if key in known:
                found.append(known[key])
            else:
                self.wrong(
                    f"{name}: unknown {key[0]!r}, {', '.join(f'{k} {v!r}' for k, v in zip(keys[1:], key[1:], strict=True))}."
                )
        return found

    def checked(self, instance: AnyModel) -> AnyModel:
        """Run the model's own field checks; what they refuse is a problem."""
        try:
            foreign = {f.name for f in instance._meta.fields if f.is_relation}
            instance.clean_fields(exclude=foreign)
            instance.clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.wrong(f"{name}: {' '.join(messages)}")
        except (AttributeError, TypeError, ValueError):
            if not self.problems.errors:  # a row with problems may break the model's checks
                raise
        return instance


def read_csv(path: Path, problems: Problems) -> Iterator[Row]:
    """The rows of a CSV file with a header, in UTF-8."""
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        for values in reader:
            if None in values or None in values.values():
                problems.add(path.name, reader.line_num, "the row does not have as many cells as the header.")
                continue
            yield Row(path.name, reader.line_num, values, problems)


class _LoaderWithLines(yaml.SafeLoader):
    """Safe loading, with lines.

    Days stay texts, so that an impossible one is told with its line; only `true` and `false` are truth values, so that
    `on` stays a word (YAML 1.2).
    """

    yaml_implicit_resolvers = {
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag != "tag:yaml.org,2002:timestamp" and (tag != "tag:yaml.org,2002:bool" or first in "tTfF")
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        found = super().construct_mapping(node, deep)
        found[LINE] = node.start_mark.line + 1
        return found


def read_yaml(path: Path) -> Any:
    """A YAML file; each mapping carries its line under `__line__`."""
    with path.open(encoding="utf-8") as source:
        return yaml.load(source, Loader=_LoaderWithLines)  # noqa: S506 - a subclass of SafeLoader


def yaml_rows(path: Path, items: list[dict[str, Any]], problems: Problems) -> Iterator[Row]:
    """The mappings of a list in a YAML file, as rows."""
    for item in items:
        yield Row(path.name, item[LINE], item, problems)


def _without_lines(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_lines(v) for k, v in value.items() if k != LINE}
    if isinstance(value, list):
        return [_without_lines(v) for v in value]
    return value


@dataclass
class LoadedRows:
    """Which rows of one file were loaded before, and which are new."""

    file: str
    problems: Problems
    loaded: dict[str, str] = field(init=False)
    new: list[LoadedRow] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    corrected: dict[str, str] = field(default_factory=dict)
    """The old key of each row that was taken as a correction, by its key in the file."""
    taken_out: list[str] = field(default_factory=list)
    """The keys of rows that are gone from the file and were taken out of the database."""
    differing: list[tuple[Row, str, Any, Any]] = field(default_factory=list)
    """Rows that were corrected in the file, with their keys, what is made of them now, and what the database has."""

    def __post_init__(self) -> None:
        self.loaded = dict(LoadedRow.objects.filter(file=self.file).values_list("key", "digest"))

    def is_new(self, row: Row, key: str) -> bool:
        """Note the row under its key. True if it was never loaded. A key that comes twice is a problem."""
        is_noted, is_changed = self.note(row, key)
        if is_changed:
            self.changed.append(f"{row.file}:{row.line}: changed since it was loaded, left as it is: {key}")
        return is_noted and key not in self.loaded

    def is_as_before(self, row: Row, key: str) -> bool:
        """Whether the row was loaded before and is as it was: then it is noted, and nothing is to be done about it."""
        if self.loaded.get(key) != self._digest(row):
            return False
        self.note(row, key)
        return True

    def note(self, row: Row, key: str) -> tuple[bool, bool]:
        """Note the row under its key: whether the key comes for the first time, and whether the row differs from the loaded one."""
        if key in self.seen:
            row.wrong(f"the same as line {self.seen[key]}: {key}.")
            return False, False
        self.seen[key] = row.line
        digest = self._digest(row)
        if key not in self.loaded:
            self.new.append(LoadedRow(file=self.file, key=key, digest=digest))
        return True, self.loaded.get(key, digest) != digest

    def sort(self, row: Row, key: str, instance: AnyModel, unique: Sequence[str], new: list[AnyModel]) -> None:
        """Note the row and put what is made of it to the new ones, or keep it for `bring_up` if it was loaded and is another now.

        Args: unique: the fields by which the database knows what came of the row.
        """
        is_noted, is_changed = self.note(row, key)
        if is_noted and key not in self.loaded:
            new.append(row.checked(instance))
        elif is_noted and is_changed:
            kept = type(instance)._default_manager.filter(**{name: getattr(instance, name) for name in unique}).first()
            if kept is not None:
                instance.pk = kept.pk
            self.differing.append((row, key, row.checked(instance), kept))

    def bring_up(self) -> None:
        """Change what came of rows that were corrected in the file, if no editor has changed it since."""
        for row, key, wanted, kept in self.differing:
            if kept is None or not is_as_loaded(kept):
                what = "changed in the file, but an editor has changed it here, left as it is"
                self.changed.append(f"{row.file}:{row.line}: {what}: {key}")
                continue
            names = [f.name for f in kept._meta.concrete_fields if f.editable and not f.primary_key]
            differing = [name for name in names if getattr(kept, name) != getattr(wanted, name)]
            for name in differing:
                setattr(kept, name, getattr(wanted, name))
            if differing:
                kept._change_reason = CORRECTED
                kept.save()
            self.correct(row, key, key, f"taken over ({', '.join(differing)})" if differing else "")

    @staticmethod
    def _digest(row: Row) -> str:
        text = json.dumps(_without_lines(dict(row.values)), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def gone(self) -> list[str]:
        """The keys of rows that were loaded and are no longer in the file, in order. To be asked when all rows are noted."""
        return sorted(self.loaded.keys() - self.seen.keys())

    def take_out(self, found: Mapping[str, AnyModel]) -> None:
        """Take out what came of rows that are gone from the file, with the reason, unless an editor has changed it since.

        Args: found: what is in the database now, by the keys of the file.
        """
        for key in self.gone():
            kept: Any = found.get(key)
            if kept is not None and not is_as_loaded(kept):
                self.changed.append(
                    f"{self.file}: gone from the file, but an editor has changed it here, left as it is: {key}"
                )
                continue
            if kept is not None:
                kept._change_reason = CORRECTED
                kept.taken_out_because = GONE
                kept.save()
                self.changed.append(f"{self.file}: gone from the file, taken out: {key}")
            self.taken_out.append(key)

    def tell_gone(self) -> None:
        """Say which rows are gone from the file, of those that stay in the database all the same: they are public."""
        for key in self.gone():
            self.changed.append(f"{self.file}: gone from the file, left as it is: {key}")

    def correct(self, row: Row, key: str, old_key: str, what: str) -> None:
        """Take a row as the correction of one that was loaded under the old key, and say what came of it, if anything did."""
        self.corrected[key] = old_key
        self.new = [kept for kept in self.new if kept.key != key]
        self.new.append(LoadedRow(file=self.file, key=key, digest=self._digest(row)))
        came_from = "" if key == old_key else f" (before: {old_key})"
        if what:
            self.changed.append(f"{row.file}:{row.line}: corrected in the file, {what}: {key}{came_from}")

    def save(self) -> None:
        """Remember the new rows as loaded, and the corrected ones in the place of the old."""
        forgotten = [*self.corrected.values(), *self.taken_out]
        LoadedRow.objects.filter(file=self.file, key__in=forgotten).delete()
        LoadedRow.objects.bulk_create(self.new)

    def report(self) -> list[str]:
        """What happened to the file, in lines for the operator."""
        new = len(self.new) - len(self.corrected)
        return [f"{self.file}: {new} new, {len(self.seen) - new} as before", *self.changed]


REASON = "Loaded from the project's data"
"""The reason in the history of what was loaded."""
CORRECTED = "Data file corrected"
"""The reason in the history of what came from an earlier state of the same file and was brought up to today's."""


GONE = "No longer in the project's data"
"""Why a row is taken out that is gone from its file."""


def is_as_loaded(kept: Any) -> bool:
    """Whether no editor has changed it since it was loaded."""
    last = kept.history.first()
    return last is not None and last.history_user_id is None and last.history_change_reason in (REASON, CORRECTED)


def create_all(model: type[models.Model], instances: list[Any]) -> None:
    """Create new rows together, each with its history."""
    if instances:
        bulk_create_with_history(instances, model, default_change_reason=REASON)


def create_linked(rows: Iterable[tuple[Any, Mapping[str, list[Any]]]]) -> None:
    """Create new rows with their links to others, by the name of the field. The history begins with a row that has its links."""
    for row, links in rows:
        row._change_reason = REASON
        with one_version(row, is_new=True):
            row.save()
            for name, others in links.items():
                getattr(row, name).set(others)


class LoaderCommand(BaseCommand):
    """The command of a loader: `--data FOLDER`, a report in lines, errors with file and line."""

    data_folder: Path
    """The project's own files."""

    @abstractmethod
    def load(self, folder: Path) -> list[str]:
        """Load the files of a folder. Returns the lines of the report; raises InvalidData."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--data", type=Path, default=self.data_folder, help="the folder of the files (default: the project's own)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = self.load(options["data"])
        except InvalidData as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        tell()
        if options["verbosity"] > 0:
            self.stdout.write("\n".join(lines))
