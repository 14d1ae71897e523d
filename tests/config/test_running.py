"""A database that does not answer, and a clock that is wrong, are told at once."""

import socket
import time
from types import SimpleNamespace
from unittest import mock

import psycopg
import pytest
from django.db import OperationalError, connection
from psycopg.waiting import Wait

from config.running.postgresql import base

TIMES = {"a second ahead": 1, "a second behind": -1, "ten seconds ahead": 10, "ten seconds behind": -10}


@pytest.fixture(autouse=True)
def no_silence_yet(monkeypatch):
    monkeypatch.setattr(base._Silence, "last", float("-inf"))


def connected(answer_within: float | None) -> tuple[base.LimitedConnection, socket.socket]:
    """A connection to a server that never says a word."""
    ours, theirs = socket.socketpair()
    found = object.__new__(base.LimitedConnection)
    found.pgconn = mock.Mock(socket=ours.fileno(), transaction_status=0)
    found.answer_within = answer_within
    found.sockets = (ours, theirs)
    return found, theirs


def question():
    """What psycopg waits for: the socket to become readable."""
    while True:
        ready = yield Wait.R
        if ready:
            return "answer"


def test_a_silent_database_is_given_up():
    silent, _theirs = connected(0.05)
    begun = time.monotonic()
    with pytest.raises(psycopg.OperationalError, match=r"has not answered within 0\.05 seconds"):
        silent.wait(question())
    assert time.monotonic() - begun < 5
    silent.pgconn.finish.assert_called_once()


def test_after_a_silence_what_comes_next_is_told_at_once(monkeypatch):
    monkeypatch.setattr(base._Silence, "last", time.monotonic())
    with pytest.raises(psycopg.OperationalError, match="a moment ago"):
        base.DatabaseWrapper(connection.settings_dict).get_new_connection({})


def test_a_database_that_answers_in_time_is_heard():
    slow, theirs = connected(30)
    theirs.send(b"x")
    assert slow.wait(question()) == "answer"
    slow.pgconn.finish.assert_not_called()


@pytest.mark.parametrize("offset", TIMES.values(), ids=TIMES.keys())
def test_a_clock_is_compared_with_the_databases(offset):
    told = SimpleNamespace(fetchone=lambda: (time.time() + offset,))
    database = mock.Mock(execute=lambda sql: told)
    if abs(offset) < 2:
        base._compare_clocks(database, 2)
    else:
        with pytest.raises(psycopg.OperationalError, match="clock of this machine differs by"):
            base._compare_clocks(database, 2)
        database.close.assert_called_once()


def test_what_only_django_reads_is_not_given_to_the_database():
    wrapper = base.DatabaseWrapper(connection.settings_dict | {"NAME": "x", "OPTIONS": {"answer_within": 1.0}})
    assert "answer_within" not in wrapper.get_connection_params()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/states/est/", "/api/v1/states/", "/admin/", "/news/feed.atom"])
def test_where_the_database_is_silent_every_surface_says_when_to_come_again(client, address):
    client.raise_request_exception = False
    with mock.patch("news.newsroom.bundles.due", side_effect=OperationalError("has not answered")):
        answer = client.get(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
