"""States and treaties that have been on record for long, for tests whose acts were confirmed before the tests began."""

from datetime import UTC, datetime

from django.db import connection

from tests.site_role import as_owner
from treaties.ledger import triggers
from treaties.models import GroupMembership, State, StateName, Treaty

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def states_and_rules_are_known_since(moment=LONG_AGO):
    """Put the first versions into the past. The site's chain does not hold after that."""
    with as_owner():
        triggers.remove(connection)
        for model in (State, StateName, GroupMembership, Treaty):
            model.history.update(history_date=moment)
        triggers.install(connection)
