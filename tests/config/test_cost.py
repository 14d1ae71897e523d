"""What a page asks of the database does not grow with what it shows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.config.addresses import EVERYTHING
from tests.config.crowd import gather

MOST = 35


def queries(client, address) -> int:
    with CaptureQueriesContext(connection) as found:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(found)


@pytest.mark.django_db
def test_the_number_of_queries_of_no_address_grows_with_its_rows(nothing_is_kept, client):
    for address in EVERYTHING:
        queries(client, address)  # what is asked once a process
    few = {address: queries(client, address) for address in EVERYTHING}
    gather()
    many = {address: queries(client, address) for address in EVERYTHING}
    assert not {address: (few[address], many[address]) for address in EVERYTHING if many[address] > few[address]}
    assert max(few.values()) <= MOST, few
