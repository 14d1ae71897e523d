"""Who takes over the site on PostgreSQL has its role, and cannot drop what guards the record."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from config.kit.models import StaffEvent
from config.management.commands import grant_site_role
from config.management.commands.grant_site_role import grant
from tests import site_role
from tests.factories import SOURCE, OfficerFactory
from tests.fake_postgresql import FakePostgreSQL
from treaties import ledger
from treaties.ledger.triggers import ACTIONS
from treaties.models import TreatyAction

pytestmark = pytest.mark.django_db
BREAKING_IN = [
    f"TRUNCATE {ACTIONS} CASCADE",
    f"ALTER TABLE {ACTIONS} DISABLE TRIGGER ALL",
    f"DROP TRIGGER {ACTIONS}_no_update ON {ACTIONS}",
    f"ALTER TABLE {ACTIONS} DROP COLUMN note",
    f"DROP TABLE {ACTIONS} CASCADE",
    f"CREATE TRIGGER zq BEFORE INSERT ON {ACTIONS} FOR EACH ROW EXECUTE FUNCTION treaties_refuse()",
    "CREATE OR REPLACE FUNCTION treaties_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "SET session_replication_role = replica",
    f"UPDATE {ACTIONS} SET note = 'zq' WHERE confirmed_at IS NOT NULL",
    f"DELETE FROM {ACTIONS} WHERE confirmed_at IS NOT NULL",
    "DELETE FROM treaties_historicaltreatyaction",
    "UPDATE kit_staffevent SET told = 'zq' WHERE FALSE OR id = id",
]


@pytest.fixture
def site():
    """The connection of the site. SQLite has no roles: there the triggers alone are tried."""
    if connection.vendor != "postgresql":
        return connection
    with site_role.as_owner():
        site_role.make()
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {site_role.ROLE}")
    return connection


def is_told(statement: str) -> bool:
    """Whether the database at hand knows the statement, and not PostgreSQL alone."""
    return connection.vendor == "postgresql" or statement.startswith(("UPDATE treaties", "DELETE"))


@pytest.mark.parametrize("statement", BREAKING_IN)
def test_the_site_cannot_break_the_guards(site, statement):
    StaffEvent.objects.create(door="sign_in", what="sign_in_failed")
    if not is_told(statement):
        statement = f"DELETE FROM {ACTIONS} WHERE confirmed_at IS NOT NULL"
    with pytest.raises(DatabaseError), transaction.atomic(), site.cursor() as cursor:
        cursor.execute(statement)


def test_the_site_records_and_confirms(site, convention):
    act = TreatyAction(
        treaty=convention, state_id="PAK", action="accession", deposited_on="2026-01-05", source_url=SOURCE
    )
    recorded = ledger.record(act, by=OfficerFactory())
    assert ledger.confirm(recorded, by=OfficerFactory()).is_confirmed
    assert ledger.verify(convention) == []


class TestTheCommand:
    def test_says_that_there_is_no_such_role_or_that_it_is_of_no_use(self, db):
        said = "no role" if connection.vendor == "postgresql" else "Only PostgreSQL"
        with pytest.raises(CommandError, match=said):
            call_command("grant_site_role", "zq_no_such_role")

    def test_grants_nothing_to_a_role_that_could_drop_the_guards(self, site):
        if connection.vendor == "sqlite":
            with pytest.raises(CommandError, match="Only PostgreSQL"):
                call_command("grant_site_role", "postgres")
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT session_user")
            (owner,) = cursor.fetchone()
        with pytest.raises(CommandError, match="could drop the guards"):
            grant(owner)


class TestGrantingTheRights:
    """What is sent to PostgreSQL, on whichever database the test runs."""

    @pytest.fixture
    def ask(self, monkeypatch):
        def ask(*answers):
            fake = FakePostgreSQL(answers)
            monkeypatch.setattr(grant_site_role, "connection", fake)
            call_command("grant_site_role", "site", stdout=StringIO())
            return [sql for sql, _given in fake.asked][2:]

        return ask

    def test_lets_the_role_read_and_write_rows_and_no_more(self, ask):
        rights = ask((False,), (0,))
        assert len(rights) == 5
        assert all(right.endswith('TO "site"') for right in rights)
        assert not [right for right in rights if "ALL PRIVILEGES" in right or "TRUNCATE" in right or "TRIGGER" in right]

    def test_asks_for_a_role_that_is_there(self, ask):
        with pytest.raises(CommandError, match="There is no role site"):
            ask(None)

    @pytest.mark.parametrize("answers", [((True,), (0,)), ((False,), (3,))])
    def test_refuses_a_role_that_could_drop_the_guards(self, ask, answers):
        with pytest.raises(CommandError, match="could drop the guards"):
            ask(*answers)
