"""Snapshots: everything public as files that others can read, described to the last column."""

import csv
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from frictionless import Package, system
from pyarrow import parquet

from config.api.snapshots import FOLDER, export
from config.kit.models import Snapshot
from news.models import Statement
from tests.config.addresses import API
from tests.factories import PledgeFactory, StatementFactory
from tests.reading import html_of
from treaties import ledger
from treaties.models import TreatyAction

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot(tmp_path):
    folder = tmp_path / "one"
    return folder, export(folder)


def rows_of(folder, name):
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.walk
def test_frictionless_finds_no_fault(snapshot):
    folder, _package = snapshot
    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "type", "message"])[:5]


def test_every_column_is_described(snapshot):
    _folder, package = snapshot
    columns = [(r["name"], c["name"], c["description"]) for r in package["resources"] for c in r["schema"]["fields"]]
    assert len(columns) > 200
    assert [column for column in columns if len(column[2]) < 2] == []


def test_the_tables_are_those_of_the_api(snapshot, client):
    folder, _package = snapshot
    for name in ("states", "treaties", "statements", "commitments", "positions", "declarations"):
        assert len(rows_of(folder, name)) == client.get(f"{API}/{name}/").json()["count"]
    assert len(rows_of(folder, "treaty-actions")) == TreatyAction.objects.confirmed().count()


def test_what_stands_within_an_entry_is_a_table_of_its_own(snapshot, client):
    folder, package = snapshot
    names = client.get(f"{API}/states/TUR/").json()["names"]
    found = [row for row in rows_of(folder, "states-names") if row["states_iso3"] == "TUR"]
    assert [row["name"] for row in found] == [name["name"] for name in names]
    assert [row["place"] for row in found] == [str(n) for n in range(1, len(names) + 1)]
    assert {"states-groups", "campaigns-pillars", "statements-figures", "obligations-decisions"} <= {
        resource["name"] for resource in package["resources"]
    }


def test_the_same_rows_are_in_every_form(snapshot):
    folder, package = snapshot
    with sqlite3.connect(folder / "minefree.sqlite3") as file:
        for resource in package["resources"]:
            name = resource["name"]
            (count,) = file.execute(f'SELECT COUNT(*) FROM "{name.replace("-", "_")}"').fetchone()
            assert count == len(rows_of(folder, name)) == parquet.read_metadata(folder / f"{name}.parquet").num_rows
        (told,) = file.execute("SELECT COUNT(*) FROM columns WHERE description = ''").fetchone()
    file.close()
    assert told == 0


def test_a_formula_is_disarmed_in_a_sheet_and_kept_where_nothing_runs_it(tmp_path):
    StatementFactory(slug="formula", title="=1+1", workflow="published", publish_at="2025-01-01T00:00:00Z")
    folder = tmp_path / "one"
    export(folder)
    assert next(r for r in rows_of(folder, "statements") if r["slug"] == "formula")["title"] == "'=1+1"
    with sqlite3.connect(folder / "minefree.sqlite3") as file:
        assert file.execute("SELECT title FROM statements WHERE slug = 'formula'").fetchone() == ("=1+1",)
    file.close()


def test_nothing_is_in_it_that_is_not_public(tmp_path, campaign):
    StatementFactory(slug="a-draft", title="Zq secret")
    PledgeFactory(campaign=campaign, email="zq@example.org", name="Zq secret")
    folder = tmp_path / "one"
    export(folder)
    for file in folder.iterdir():
        assert b"Zq secret" not in file.read_bytes(), file
        assert b"zq@example.org" not in file.read_bytes(), file


def test_it_names_the_end_of_the_record_as_the_hash_to_cite(snapshot):
    _folder, package = snapshot
    line = str(ledger.checkpoint_line()).split()
    assert package["checkpoint"].split()[:3] == line[:3]
    assert line[2] in package["citation"]
    assert package["version"] in package["citation"]
    assert package["licenses"][0]["name"] == "CC-BY-4.0"


def test_an_archive_has_every_file(snapshot):
    folder, package = snapshot
    with zipfile.ZipFile(next(folder.glob("*.zip"))) as archive:
        assert set(archive.namelist()) == {file.name for file in folder.iterdir() if file.suffix != ".zip"}
        assert json.loads(archive.read("datapackage.json")) == package


def test_the_page_of_data_lists_it_with_its_citation(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert "Snapshots" not in html_of(client.get("/data/"))
    call_command("export_snapshot", verbosity=0)
    one = Snapshot.objects.get()
    page = html_of(client.get("/data/"))
    assert f"/media/{FOLDER}/{one.folder}/{one.archive}" in page
    assert one.citation in page
    assert Path(tmp_path, FOLDER, one.folder, "datapackage.json").is_file()


def test_one_that_is_there_is_not_written_over(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("export_snapshot", verbosity=0)
    with pytest.raises(CommandError, match="there already"):
        call_command("export_snapshot", verbosity=0)
    assert Statement.objects.exists()


def test_it_is_made_on_a_site_that_answers_to_its_public_name_alone(tmp_path, settings):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["example.org"], "https://example.org"
    export(tmp_path / "one")
    assert rows_of(tmp_path / "one", "states")[0]["url"].startswith("https://example.org/api/v1/states/")
