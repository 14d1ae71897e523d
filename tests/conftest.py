"""Every test stands on the real record, loaded once for each process and rolled back after each test."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import timezone
from hypothesis import settings as hypothesis_settings

from campaign.models import Campaign
from tests.factories import EditorFactory
from treaties.ledger import triggers
from treaties.models import State, Treaty

# How long an example takes says nothing of whether it is right.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")

LOADERS = ("load_treaties", "load_campaign", "load_news")


def load_the_record() -> None:
    for loader in LOADERS:
        call_command(loader, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def flushing_past_the_triggers():
    """Tests that commit flush their database afterwards, which the ledger's triggers refuse: they step aside for that.

    The flush runs post_migrate, which makes them again.
    """
    flush = TransactionTestCase._fixture_teardown

    def without_triggers(self):
        triggers.remove(connection)
        flush(self)

    TransactionTestCase._fixture_teardown = without_triggers
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        load_the_record()


@pytest.fixture(scope="session")
def answers() -> dict:
    """What the site answered at addresses, for tests that only read the loaded record."""
    return {}


@pytest.fixture
def restored(request, django_db_setup, django_db_blocker, answers):
    """For a test that commits, so that its database is flushed after it: the record comes back for those that follow.

    It comes back under other keys, so the answers of before are forgotten.
    """
    marked = request.node.get_closest_marker("django_db")
    assert not marked, "The mark would have the database flushed after the record came back, not before."
    yield
    with django_db_blocker.unblock():
        load_the_record()
    answers.clear()


@pytest.fixture
def committing(restored, transactional_db) -> str:
    """A database that keeps what the test commits, for several connections at once; its vendor."""
    return connection.vendor


@pytest.fixture
def convention(db) -> Treaty:
    """The Mine Ban Convention."""
    return Treaty.objects.main()


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
