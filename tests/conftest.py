"""Every test stands on the real record, loaded once, kept between runs and rolled back after each test."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

from campaign.models import Campaign
from config.management.commands.set_up import LOADERS
from news.finding import search
from tests import site_role
from tests.factories import EditorFactory
from tests.kept_record import kept_record
from treaties.models import State, Treaty

# How long an example takes says nothing of whether it is right. CI tries many examples, a developer's run fewer.
hypothesis_settings.register_profile("quick", deadline=None, max_examples=25)
hypothesis_settings.register_profile("all", deadline=None, max_examples=200)
hypothesis_settings.register_profile("mutants", deadline=None, max_examples=25, database=None, derandomize=True)
ROOT = Path(__file__).resolve().parents[1]
ALL = bool(os.environ.get("CI") or os.environ.get("ALL"))
hypothesis_settings.load_profile("all" if ALL else "quick")

AS_SITE_ROLE = bool(os.environ.get("AS_SITE_ROLE"))
"""On PostgreSQL: whether the tests act as the site's own role, which owns no table."""


def load_the_record() -> None:
    """Load it an hour ago: the first test of a run is not to meet a record that is still younger than a feed's delay."""
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        for loader in LOADERS:
            call_command(loader, verbosity=0)


def restore(record) -> None:
    record.restore()
    if AS_SITE_ROLE:
        site_role.use()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_use_migrations):
    """A copy of the loaded record for this process; after a test that commits, a fresh one instead of a flush."""
    with django_db_blocker.unblock():
        record = kept_record(django_db_use_migrations, os.environ.get("PYTEST_XDIST_WORKER", ""))
        record.prepare(load_the_record)
        if AS_SITE_ROLE:
            site_role.use()
        flush = TransactionTestCase._fixture_teardown
        TransactionTestCase._fixture_teardown = lambda self: restore(record)
        yield
        TransactionTestCase._fixture_teardown = flush
        record.discard()


@pytest.fixture
def own_database(tmp_path, django_db_setup, django_db_blocker):
    """Run a module of the tests in a process and on an empty database of its own; what it prints."""
    name = f"minefree_own_test_{os.getpid()}"
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            given = connection.settings_dict
            url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
                cursor.execute(f'CREATE DATABASE "{name}"')
        else:
            url = f"sqlite:///{tmp_path / name}"

        def run(module: str, *words: str, given: str = "") -> str:
            env = os.environ | {"DATABASE_URL": url, "DEBUG": "1"}
            command = [sys.executable, "-m", module, *words]
            done = subprocess.run(command, cwd=ROOT, env=env, input=given, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            return done.stdout

        yield run
        if connection.vendor == "postgresql":
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


@pytest.fixture(autouse=True)
def indexed_at_once(request, monkeypatch):
    """A test whose transaction is never committed searches what it has saved, unless it commits in fact."""
    if "transactional_db" not in request.fixturenames and "indexed_on_commit" not in request.fixturenames:
        monkeypatch.setattr(search, "_when_committed", lambda act: act())


@pytest.fixture(autouse=True)
def nothing_is_kept_from_before():
    """A test meets no answer that an earlier one had made."""
    caches["answers"].clear()


@pytest.fixture
def nothing_is_kept(settings):
    """Every answer is made when it is asked for: for tests of what making one costs. Use it before the first request."""
    settings.KEEP_ANSWERS = False


@pytest.fixture
def indexed_on_commit():
    """Asks that the index waits for the commit, as it does outside of tests."""


@pytest.fixture(scope="session")
def many():
    """How many cases a heavy test tries: all in CI, fewer in a developer's run (`ALL=1` tries all)."""
    return lambda all_of_them, fewer: all_of_them if ALL else fewer


@pytest.fixture(scope="session")
def answers() -> dict:
    """What the site answered at addresses, for tests that only read the loaded record."""
    return {}


@pytest.fixture
def committing(transactional_db) -> str:
    """A database that keeps what the test commits, for several connections at once; its vendor."""
    return connection.vendor


@pytest.fixture
def convention(db) -> Treaty:
    """The Mine Ban Convention."""
    return Treaty.objects.main()


@pytest.fixture
def withheld(db) -> Treaty:
    """A treaty of which acts after a day are known to be missing, so that no count of a later day is shown."""
    treaty = Treaty.objects.get(slug="arms-trade-treaty")
    treaty.complete_to = treaty.counts_withheld_after = date(2014, 7, 10)
    treaty.save()
    return treaty


@pytest.fixture
def campaign(db) -> Campaign:
    """The Secretary-General's campaign."""
    return Campaign.objects.get(slug="humanitarian-disarmament")


@pytest.fixture
def state(db):
    """A State by its code."""
    return lambda iso3: State.objects.get(pk=iso3)


@pytest.fixture
def today():
    return timezone.now().date()


@pytest.fixture
def desk(db):
    """A browser at the admin, signed in with a role."""

    def sign_in(role: str | None = None, **attributes) -> Client:
        user = EditorFactory(role=role, **attributes)
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return sign_in
