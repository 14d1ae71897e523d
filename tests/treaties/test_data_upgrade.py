"""A database filled from the data of before the Depositary's tables were found answers like a fresh one, once it is brought up."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from treaties.management.commands import load_treaties

ROOT = Path(__file__).resolve().parents[2]
DATA = load_treaties.Command.data_folder
ATT, CCW, PROTOCOL = "arms_trade_treaty_actions.csv", "ccw_actions.csv", "ccw_amended_protocol_ii_actions.csv"
WITHOUT = (
    "declarations.csv",
    "depositary_notifications.csv",
    "state_names.csv",
    "state_codes.csv",
    "group_memberships.csv",
)
"""What the older data did not have."""
CLUSTER = "cluster_munitions_actions.csv"


def as_it_was(folder: Path) -> None:
    """Turn a copy of today's data into what it was before: fewer acts, one too many, another day, other names, no declarations."""

    def change(name, keep):
        with (folder / name).open(newline="") as source:
            rows = list(csv.DictReader(source))
        with (folder / name).open("w", newline="") as target:
            writer = csv.DictWriter(target, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows([row for row in map(keep, rows) if row])

    algeria = "DZA,acceptance,2015-05-06,2015-11-06,https://example.org/,Consent to be bound\n"
    with (folder / PROTOCOL).open("a") as file:
        file.write(algeria)
    change(ATT, lambda row: row if row["date"] <= "2014-07-10" else None)
    change(CCW, lambda row: row if row["date"] <= "2014-01-27" else None)
    change(CLUSTER, lambda row: mauritius(row) if row["iso3"] == "MUS" else row)
    for name in WITHOUT:
        change(name, lambda row: None)
    change("states.csv", lambda row: row | {"name": "Naoero", "common_name": "Naoero"} if row["iso3"] == "NRU" else row)
    change("treaties.csv", lambda row: row | {"complete_to": "2014-01-27", "undated_file": "", "note": "Old."})
    change(
        "mine_ban_convention_deadlines.csv",
        lambda row: row if row["basis"] == "initial" or row["deadline"] in ("2025-12-31", "2025-01-01") else None,
    )


def mauritius(row):
    return row | {"date": "2015-09-30", "effective_date": "2016-03-01"} if row["action"] == "accession" else row


@pytest.fixture
def answers_of(tmp_path, django_db_setup, django_db_blocker):
    """Fill a database of its own from the data of one or more folders, one after the other; what the site answers then."""
    names = []

    def run(url: str, *words: str) -> str:
        env = os.environ | {"DATABASE_URL": url, "DEBUG": "1"}
        done = subprocess.run([sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def made_like(first: str | None) -> str:
        """The address of a new database: an empty one, or a copy."""
        name = f"minefree_data_test_{os.getpid()}_{len(names)}"
        names.append(name)
        if connection.vendor == "sqlite":
            if first:
                shutil.copy(tmp_path / first, tmp_path / name)
            return f"sqlite:///{tmp_path / name}"
        with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{first}"' if first else ""))
        given = connection.settings_dict
        return f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"

    # Its tables are made once: that takes longer than to fill it.
    run(made_like(None), "-m", "tests.tables")

    def fill(*folders: Path) -> dict:
        return json.loads(run(made_like(names[0]), "-m", "tests.answers", *map(str, folders)))

    yield fill
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
            for name in names:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def test_an_old_database_that_is_brought_up_answers_like_a_fresh_one(answers_of, tmp_path):
    old = shutil.copytree(DATA, tmp_path / "old")
    as_it_was(old)
    before, brought_up, fresh = answers_of(old), answers_of(old, DATA), answers_of(DATA)
    assert brought_up["answers"] == fresh["answers"]
    assert before["answers"].keys() == fresh["answers"].keys()
    assert sum(before["answers"][address] != fresh["answers"][address] for address in fresh["answers"]) > 20
    told = brought_up["told"]
    assert re.search(
        r"the row of the ledger is replaced: MUS accession 2015-10-01 \(before: MUS accession 2015-09-30\)", told
    )
    assert "the row of the ledger is taken out: DZA acceptance 2015-05-06 (Not in the Depositary's table" in told
    assert re.search(r"taken over \(name, common_name, cow_code, .*\): NRU", told)
    assert brought_up["faults"] == fresh["faults"] == []
    assert "Data file corrected" not in brought_up["reasons"]["MUS"]
    assert brought_up["rows"] > fresh["rows"]
