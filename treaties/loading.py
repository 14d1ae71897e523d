"""Brings the project's own data in: every row checked before anything is written, each row brought in once.

Used by the loaders of all three apps. What is wrong is told with file and line; then nothing at all is loaded. Rows that
were loaded before are passed over, so that what editors did with them since is never lost.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.core.exceptions import ValidationError
from django.db import models
from simple_history.utils import bulk_create_with_history

from treaties.models import LoadedRow

LINE = "__line__"
Values = Mapping[str, Any]
AnyModel = TypeVar("AnyModel", bound=models.Model)


class InvalidData(Exception):
    """The data has errors; each is a sentence that begins with file and line."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass
class Problems:
    """What is wrong, collected over all files, so that one run tells everything."""

    errors: list[str] = field(default_factory=list)

    def add(self, file: str, line: int, message: str) -> None:
        self.errors.append(f"{file}:{line}: {message}")

    def stop_if_any(self) -> None:
        if self.errors:
            raise InvalidData(self.errors)


@dataclass
class Row:
    """One row of a file, with the typed reading of its cells. A cell that cannot be read is a problem, and None."""

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
        """The day, or a day that cannot matter because the problem is already noted."""
        return self.day(name, required=True) or date.min

    def number(self, name: str) -> int | None:
        found = self.text(name)
        if not found:
            return None
        if not found.isdigit():
            self.wrong(f"{name}: {found!r} is not a whole number.")
            return None
        return int(found)

    def truth(self, name: str) -> bool:
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
        """What the cell names among things known by key; an unknown one is a problem."""
        found = self.text(name, required)
        if found and found not in known:
            self.wrong(f"{name}: unknown {found!r}.")
        return known.get(found)

    def several_of(self, name: str, known: Mapping[str, Any]) -> list[Any]:
        """What a list names among things known by key."""
        names = self.values.get(name) or []
        for n in names:
            if n not in known:
                self.wrong(f"{name}: unknown {n!r}.")
        return [known[n] for n in names if n in known]

    def checked(self, instance: AnyModel) -> AnyModel:
        """Run the model's own field checks, and tell what they refuse with file and line."""
        try:
            foreign = {f.name for f in instance._meta.fields if f.is_relation}
            instance.clean_fields(exclude=foreign)
            instance.clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.wrong(f"{name}: {' '.join(messages)}")
        except (AttributeError, TypeError, ValueError):
            if not self.problems.errors:  # a row that is already refused may not be fit for the model's checks
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
class Memory:
    """Which rows of one file were brought in before, and which are new now."""

    file: str
    problems: Problems
    loaded: dict[str, str] = field(init=False)
    new: list[LoadedRow] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.loaded = dict(LoadedRow.objects.filter(file=self.file).values_list("key", "digest"))

    def is_new(self, row: Row, key: str) -> bool:
        """Note the row under its key; true if it was never brought in. A key that comes twice is a problem."""
        if key in self.seen:
            row.wrong(f"the same as line {self.seen[key]}: {key}.")
            return False
        self.seen[key] = row.line
        text = json.dumps(_without_lines(dict(row.values)), sort_keys=True, default=str, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if key in self.loaded:
            if self.loaded[key] != digest:
                self.changed.append(f"{row.file}:{row.line}: changed since it was loaded, left as it is: {key}")
            return False
        self.new.append(LoadedRow(file=self.file, key=key, digest=digest))
        return True

    def keep(self) -> None:
        LoadedRow.objects.bulk_create(self.new)


def create_all(model: type[models.Model], instances: list[Any], reason: str) -> None:
    """Write new rows together, each with its line of history."""
    if instances:
        bulk_create_with_history(instances, model, default_change_reason=reason)
