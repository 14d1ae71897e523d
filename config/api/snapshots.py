"""Snapshots: everything public on one day, as files to keep, to cite and to compute with.

A snapshot is a folder: a CSV of each table, all tables in one SQLite file, Parquet where pyarrow is installed, and
`datapackage.json` (Data Package 2.0), which describes every column and names the end of the record's chain. Beside these tables,
which are for reading, it has the rows from which they are computed (see `public_rows`): a project without any loads them.
"""

import csv
import hashlib
import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_type_hints

from django.conf import settings
from django.core.validators import URLValidator
from django.db import connection, transaction
from django.utils import timezone, translation
from drf_spectacular.drainage import get_override
from rest_framework import serializers

from config.api import public_rows
from config.api.asking import answer_to, request_for
from config.kit.api.tables import Column, columns_of, safe_cell
from config.kit.models import Snapshot
from config.kit.models.telling import tell
from config.pages.datapackage import LICENCE, RESOURCES
from treaties import ledger

FOLDER = "snapshots"
"""Where snapshots are, within the files that the site serves."""
SQL_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """A table of a snapshot: its columns with their types and meanings, and its rows."""

    name: str
    title: str
    description: str
    key: list[str]
    columns: list[dict[str, Any]]
    rows: list[list[Any]]


def type_of(serializer: Any, name: str, field: Any) -> str:
    """The type of a field's cells, in the words of Table Schema."""
    if isinstance(field, serializers.SerializerMethodField):
        method = getattr(serializer, field.method_name or f"get_{name}")
        made = get_override(method, "field")
        if isinstance(made, serializers.Field) or (isinstance(made, type) and issubclass(made, serializers.Field)):
            return type_of(serializer, name, made() if isinstance(made, type) else made)
        return _type_of_hint(str(get_type_hints(method).get("return", "")))
    for kind, word in TYPES.items():
        if isinstance(field, kind):
            return word
    return "string"


TYPES: Mapping[type, str] = {
    serializers.BooleanField: "boolean",
    serializers.IntegerField: "integer",
    serializers.DecimalField: "number",
    serializers.FloatField: "number",
    serializers.DateTimeField: "datetime",
    serializers.DateField: "date",
}


def _type_of_hint(hint: str) -> str:
    for word, kind in (("datetime.date", "date"), ("bool", "boolean"), ("int", "integer")):
        if word in hint:
            return kind
    return "string"


def described(serializer: Any, columns: list[Column]) -> list[dict[str, Any]]:
    """The columns as Table Schema has them: name, type, what it means."""
    found = []
    for column in columns:
        owner, words = serializer, []
        for name in column.path[:-1]:
            words.append(_words_of(owner, name))
            inner = owner.fields[name]
            if isinstance(inner, serializers.SerializerMethodField):
                inner = get_override(getattr(owner, inner.method_name or f"get_{name}"), "field")
            owner = inner() if isinstance(inner, type) else inner
        name = column.path[-1]
        field = owner.fields[name]
        words.append(_words_of(owner, name))
        shown: dict[str, Any] = {
            "name": column.name,
            "type": type_of(owner, name, field),
            "description": ": ".join(word for word in words if word),
        }
        if any(isinstance(validator, URLValidator) for validator in getattr(field, "validators", [])):
            shown["format"] = "uri"
        found.append(shown)
    return found


def _words_of(serializer: Any, name: str) -> str:
    field = serializer.fields[name]
    words = str(field.help_text or field.label or name.replace("_", " ")).strip()
    return words[:1].upper() + words[1:].rstrip(".")


def entries_of(path: str) -> Iterator[Entry]:
    """All entries of a list of the API, as its answer of JSON lines has them. Raises ValueError where it is refused."""
    answer = answer_to(path)
    if answer.status_code != 200:
        raise ValueError(f"{path} answers {answer.status_code}: {answer.body[:200].decode()}")
    for line in answer.body.decode().splitlines():
        yield json.loads(line)


def serializer_of(path: str) -> Any:
    """The serializer of the entries that an address of the API gives."""
    match, request = request_for(path)
    view: Any = match.func
    chosen = getattr(view.cls, "entry_serializers", {}).get(view.actions["get"]) or view.cls.serializer_class
    return chosen(context={"request": request})


def tables() -> Iterator[Table]:
    """Every table: the lists of the API, and the lists within their entries as tables of their own."""
    for resource in RESOURCES:
        address = resource["path"].replace("format=csv", "format=jsonl")
        serializer = serializer_of(address)
        entries = list(entries_of(address))
        columns = columns_of(serializer)
        within = {
            name: child
            for name in serializer.fields
            if (child := _child_of(serializer, name)) is not None and any(name in entry for entry in entries)
        }
        flat = [column for column in columns if column.name not in within]
        yield Table(
            resource["name"],
            resource["title"],
            resource["description"],
            resource["key"],
            described(serializer, flat),
            [[column.value_of(entry) for column in flat] for entry in entries],
        )
        for name, child in within.items():
            yield _table_within(resource, name, child, entries, described(serializer, flat))


def _child_of(serializer: Any, name: str) -> Any:
    """The serializer of the entries of a list within an entry; None of a field that is no such list."""
    field = serializer.fields[name]
    if isinstance(field, serializers.SerializerMethodField):
        field = get_override(getattr(serializer, field.method_name or f"get_{name}"), "field")
    child = getattr(field, "child", None)
    return child if hasattr(child, "fields") else None


def _table_within(
    resource: Mapping[str, Any], name: str, child: Any, entries: list[Entry], of_parent: list[dict[str, Any]]
) -> Table:
    own = columns_of(child)
    key = [column for column in columns_of(serializer_of(resource["path"])) if column.name in resource["key"]]
    types = {column["name"]: column for column in of_parent}
    head = [types[column.name] | {"name": f"{resource['name'].replace('-', '_')}_{column.name}"} for column in key]
    place = {"name": "place", "type": "integer", "description": "The place in the list, from 1"}
    rows = [
        [*(column.value_of(entry) for column in key), n, *(column.value_of(inner) for column in own)]
        for entry in entries
        for n, inner in enumerate(entry.get(name) or [], 1)
    ]
    return Table(
        f"{resource['name']}-{name.replace('_', '-')}",
        f"{resource['title']}: {name.replace('_', ' ')}",
        f"{_words_of_list(name)} of each entry of {resource['name']}.",
        [*(column["name"] for column in head), "place"],
        [*head, place, *described(child, own)],
        rows,
    )


def _words_of_list(name: str) -> str:
    return name.replace("_", " ").capitalize()


# --- Files ---------------------------------------------------------------------------------------------------


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read within it is of one moment, whatever others write meanwhile. SQLite reads so in any transaction."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def export(folder: Path, now: datetime | None = None) -> dict[str, Any]:
    """Write a snapshot into a folder, which is made; its description. Raises FileExistsError where there is one already."""
    now = (now or timezone.now()).astimezone(UTC).replace(microsecond=0)
    folder.mkdir(parents=True)
    tell()
    with translation.override("en"), one_moment():
        found = list(tables())
        package = describe(found, now)
        public_rows.write(folder / public_rows.FILE, now, package["checkpoint"])
    for table in found:
        (folder / f"{table.name}.csv").write_bytes(as_csv(table))
    write_sqlite(folder / "minefree.sqlite3", found)
    if find_spec("pyarrow"):
        for table in found:
            write_parquet(folder / f"{table.name}.parquet", table)
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        resource |= size_and_hash(content)
    package["rows"] |= size_and_hash((folder / public_rows.FILE).read_bytes())
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    with zipfile.ZipFile(folder / f"{package['name']}-{package['version']}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            if file.suffix != ".zip":
                archive.write(file, file.name)
    return package


def size_and_hash(content: bytes) -> dict[str, Any]:
    """How a file is described, so that it can be checked."""
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}


def load(folder: Path) -> int:
    """Load a snapshot into a project without rows; the number of its rows. Raises NotLoadable, which says what is wrong."""
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        rows = folder / package["rows"]["path"]
        kept = {name: package["rows"][name] for name in ("bytes", "hash")}
        found = size_and_hash(rows.read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise public_rows.NotLoadable(f"{folder} holds no snapshot that can be loaded: {error!r}.") from error
    if kept != found:
        raise public_rows.NotLoadable(f"{rows} is not the file that datapackage.json describes. Fetch it again.")
    return public_rows.load(rows)


def describe(found: list[Table], now: datetime) -> dict[str, Any]:
    """What a snapshot holds, for tools that read Data Packages."""
    line = str(ledger.checkpoint_line())
    _name, length, head = line.split()[:3]
    day = f"{now:%Y-%m-%d}"
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "minefree",
        "title": "Minefree: the record of the Anti-Personnel Mine Ban Convention",
        "version": day,
        "created": now.isoformat().replace("+00:00", "Z"),
        "homepage": f"{settings.SITE_URL}/data/",
        "licenses": [LICENCE],
        "sources": [
            {"title": "United Nations Treaty Collection", "path": "https://treaties.un.org/"},
            {"title": "The source of each row, in its column source_url", "path": f"{settings.SITE_URL}/about/"},
        ],
        "checkpoint": line,
        "citation": citation_of(day, length, head),
        "rows": {"path": public_rows.FILE, "description": "Every public row, for manage.py load_snapshot"},
        "resources": [
            {
                "name": table.name,
                "title": table.title,
                "description": table.description,
                "path": f"{table.name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": table.columns,
                    "primaryKey": list(table.key),
                    "missingValues": [""],
                },
            }
            for table in found
        ],
    }


def citation_of(day: str, length: str, head: str) -> str:
    """How to cite a snapshot: its day, and the length and hash of the record's chain, by which it can be proved."""
    what = "Minefree, the record of the Anti-Personnel Mine Ban Convention"
    return f"{what}. Snapshot of {day}, record of {length} versions, hash {head}. {settings.SITE_URL}/data/"


def as_csv(table: Table) -> bytes:
    """The table as CSV (RFC 4180) with a head."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column["name"] for column in table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else safe_cell(value)


def write_sqlite(path: Path, found: list[Table]) -> None:
    """All tables in one file; what each column means is in the table `columns`."""
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE columns (table_name TEXT, name TEXT, type TEXT, description TEXT)")
        for table in found:
            name = table.name.replace("-", "_")
            fields = ", ".join(f'"{c["name"]}" {SQL_TYPES.get(c["type"], "TEXT")}' for c in table.columns)
            key = ", ".join(f'"{each}"' for each in table.key)
            file.execute(f'CREATE TABLE "{name}" ({fields}, PRIMARY KEY ({key}))')
            places = ", ".join("?" for _column in table.columns)
            insert = f'INSERT INTO "{name}" VALUES ({places})'  # noqa: S608 - names of our own columns
            file.executemany(insert, ([_plain(value) for value in row] for row in table.rows))
            file.executemany(
                "INSERT INTO columns VALUES (?, ?, ?, ?)",
                [(name, c["name"], c["type"], c["description"]) for c in table.columns],
            )
    file.close()


def _plain(value: Any) -> Any:
    return None if value == "" else value


def write_parquet(path: Path, table: Table) -> None:
    """The table as Parquet, with typed days and moments."""
    import pyarrow
    from pyarrow import parquet

    kinds = {
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "date": pyarrow.date32(),
        "datetime": pyarrow.timestamp("us", tz="UTC"),
    }
    columns = list(zip(*table.rows, strict=True)) if table.rows else [()] * len(table.columns)
    fields = [
        pyarrow.field(c["name"], kinds.get(c["type"], pyarrow.string()), metadata={"description": c["description"]})
        for c in table.columns
    ]
    arrays = [
        pyarrow.array([_typed(value, c["type"]) for value in values], type=field.type)
        for values, c, field in zip(columns, table.columns, fields, strict=True)
    ]
    parquet.write_table(pyarrow.table(arrays, schema=pyarrow.schema(fields)), path)


def _typed(value: Any, kind: str) -> Any:
    if value is None or value == "":
        return None
    match kind:
        case "date":
            return date.fromisoformat(value)
        case "datetime":
            return datetime.fromisoformat(value)
        case "number":
            return float(value)
        case "string":
            return str(value)
    return value


# --- What the site offers ------------------------------------------------------------------------------------


def offer(name: str, now: datetime | None = None) -> Snapshot:
    """Write a snapshot where the site serves files, and list it. Raises FileExistsError where there is one of the name."""
    folder = Path(settings.MEDIA_ROOT, FOLDER, name)
    package = export(folder, now)
    archive = next(folder.glob("*.zip"))
    return Snapshot.objects.create(
        day=package["version"],
        folder=name,
        archive=archive.name,
        bytes=archive.stat().st_size,
        citation=package["citation"],
    )
