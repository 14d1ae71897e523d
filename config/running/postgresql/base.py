"""PostgreSQL with two refusals: a database that does not answer in time, and a clock that is not the database's.

`OPTIONS` beside Django's own:

- `answer_within`: seconds within which each statement must be answered; None waits for ever, as commands do. A server can be
  frozen so that its own limits do not run out, so the limit is kept here. What waited gets an OperationalError, and the site a 503.
- `clock_tolerance`: seconds by which this machine's clock may differ from the database's; None does not ask. A worker whose clock
  is ahead would show embargoed texts early.
"""

import time
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg.errors import _WaitTimeout

OWN = ("answer_within", "clock_tolerance")
PAUSE = 1.0
"""Seconds after an answer that did not come, in which this process does not ask again: what waits is told at once."""


class _Silence:
    """When the database last did not answer this process (monotonic seconds)."""

    last = float("-inf")


class LimitedConnection(psycopg.Connection):
    """A connection that gives up on a server that does not answer."""

    answer_within: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, self.answer_within if timeout is None else timeout)
        except _WaitTimeout as error:
            if timeout is not None:
                raise
            _Silence.last = time.monotonic()
            self.pgconn.finish()  # the answer may still come: nothing else can be asked on this connection
            raise psycopg.OperationalError(
                f"the database has not answered within {self.answer_within} seconds"
            ) from error


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        given = super().get_connection_params()
        return {name: value for name, value in given.items() if name not in OWN}

    def get_new_connection(self, conn_params: dict[str, Any]) -> LimitedConnection:
        self.isolation_level = IsolationLevel.READ_COMMITTED
        if time.monotonic() - _Silence.last < PAUSE:
            raise psycopg.OperationalError("the database did not answer a moment ago")
        connection = LimitedConnection.connect(**conn_params)
        options = self.settings_dict["OPTIONS"]
        connection.answer_within = options.get("answer_within")
        tolerance = options.get("clock_tolerance")
        if tolerance is not None:
            _compare_clocks(connection, tolerance)
        return connection


def _compare_clocks(connection: LimitedConnection, tolerance: float) -> None:
    """Raise OperationalError if this machine's clock is further from the database's than it may be."""
    before = time.time()
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
    after = time.time()
    connection.rollback()
    theirs = float(row[0]) if row else before
    difference = max(before - theirs, theirs - after, 0.0)
    if difference > tolerance:
        connection.close()
        raise psycopg.OperationalError(
            f"the clock of this machine differs by {difference:.1f} seconds from the database's: set it right"
        )
