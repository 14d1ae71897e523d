"""What a page asks of the database does not grow with what it shows."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.kit.models.telling import tell
from tests.config.addresses import EVERYTHING, PAGES
from tests.config.crowd import gather
from tests.reading import body_of

MOST = 55
"""Where nothing is remembered: a State's page asks most, since several of its parts read the same boards."""


def queries(client, address) -> int:
    with CaptureQueriesContext(connection) as found:
        response = client.get(address)
        body_of(response)
    assert response.status_code == 200, address
    return len(found)


@pytest.mark.walk
@pytest.mark.django_db
def test_the_number_of_queries_of_no_address_grows_with_its_rows(nothing_is_kept, client):
    for address in EVERYTHING:
        queries(client, address)  # what is asked once a process
    few = {address: queries(client, address) for address in EVERYTHING}
    gather()
    tell()  # what was gathered: work of the writers, which the first reader of the feed would do here
    many = {address: queries(client, address) for address in EVERYTHING}
    assert not {address: (few[address], many[address]) for address in EVERYTHING if many[address] > few[address]}
    assert max(few.values()) <= MOST, few


MOST_IN_A_RUNNING_SITE = 15


@pytest.mark.django_db
def test_a_page_whose_answer_is_not_kept_asks_a_dozen_times_in_a_process_that_knows_the_record(client):
    for address in EVERYTHING:
        client.get(address)
    caches["answers"].clear()
    found = {}
    for address in EVERYTHING:
        found[address] = queries(client, address)
        caches["answers"].clear()
    assert {a: n for a, n in found.items() if n > (12 if a in PAGES else MOST_IN_A_RUNNING_SITE)} == {
        "/treaties/checkpoint.json": 26,  # the chains, and each kind of row that is sealed
        "/api/v1/states/UKR/overview/": 17,  # seven lists in one answer
    }
