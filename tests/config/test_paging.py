"""Pages of a list end, and meet each row once: in every order, at every size."""

import json

import pytest

from tests.config.addresses import API, LISTS
from tests.factories import EditorFactory, EndorsementFactory

pytestmark = [pytest.mark.django_db, pytest.mark.walk]
FEED = f"{API}/changes/"
FEW = 100


def orders_of(client, address):
    """Every order that the description has for a list, both ways; and the one that nobody asks for."""
    operation = client.get(f"{API}/schema/?format=json").json()["paths"][address]["get"]
    ordering = next((p for p in operation["parameters"] if p["name"] == "ordering"), None)
    if ordering is None:
        return [None]
    names = ordering["schema"].get("enum") or ordering["description"].partition("Available: ")[2].rstrip(".").split(
        ", "
    )
    return [None, *dict.fromkeys(sign + name.lstrip("-") for name in names for sign in ("", "-"))]


def key_of(entry):
    return tuple(
        str(entry.get(name)) for name in ("id", "slug", "iso3", "treaty", "state", "obligation", "kind", "key", "at")
    )


def walk(client, address, size, order, most):
    """The keys of the rows in the order in which the pages have them. A walk of more pages than there can be is no walk."""
    query = {"page_size": size} | ({"ordering": order} if order else {})
    page, found = client.get(address, query).json(), []
    for _turn in range(most // size + 2):
        found += [key_of(entry) for entry in page["results"]]
        if page["next"] is None:
            return found
        page = client.get(page["next"]).json()
    raise AssertionError(f"{address} by {order} does not end")


@pytest.mark.parametrize("address", [*LISTS, FEED])
def test_meet_each_row_once_in_every_order_at_every_size(client, campaign, address):
    verified_by = EditorFactory()
    for n in range(12):  # no endorsement is on record yet
        EndorsementFactory(campaign=campaign, name=f"Zq {n}", verified_by=verified_by)
    whole = sorted(key_of(json.loads(line)) for line in body_of(client.get(address, {"format": "jsonl"})).splitlines())
    assert len(set(whole)) == len(whole) > 0
    orders = orders_of(client, address)
    # Row by row a long list is walked in three orders: its own, the first and the last that can be asked for.
    of_size = {1: orders if len(whole) <= FEW else [*orders[:2], *orders[-1:]], 50: orders, 500: orders}
    for size, chosen in of_size.items():
        for order in chosen:
            assert sorted(walk(client, address, size, order, len(whole))) == whole, (order, size)


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content
