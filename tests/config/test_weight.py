"""What a visitor on a slow line has to fetch."""

import gzip

import pytest
from django.contrib.staticfiles import finders

from tests.config.addresses import FORMS, PAGES
from treaties.pages.world_map import outlines

pytestmark = pytest.mark.django_db
LINE = {"accept-encoding": "gzip"}


@pytest.mark.parametrize("address", [*PAGES, *FORMS])
def test_no_page_is_heavier_than_thirty_kilobytes(client, address):
    response = client.get(address, headers=LINE)
    sent = response.content if response.has_header("Content-Encoding") else gzip.compress(response.content)
    assert len(sent) < 30_000


@pytest.mark.parametrize(("name", "most"), [("img/world.svg", 60_000), ("css/site.css", 20_000)])
def test_what_pages_share_keeps_its_weight(name, most):
    with open(finders.find(name), "rb") as file:
        assert len(gzip.compress(file.read())) < most


def test_the_outlines_of_the_map_are_those_of_the_world_file():
    with open(finders.find("img/world.svg"), encoding="utf-8") as file:
        assert file.read() == outlines()
