"""One address cannot take the API from all others: the limit is told, refused with when to go on, and counted by the minute."""

import pytest
import time_machine
from django.core.cache import cache, caches

from config.api.schema import REFUSALS
from tests.config.addresses import API, MBC

pytestmark = pytest.mark.django_db
STRANGER = {"REMOTE_ADDR": "1.2.3.4"}
ADDRESS = f"{API}/treaties/"


@pytest.fixture(autouse=True)
def two_a_minute(settings):
    cache.clear()
    settings.API_READS_PER_MINUTE = 2
    with time_machine.travel("2026-01-05T12:00:20Z", tick=False):
        yield
    cache.clear()


def statuses(client, times, address=ADDRESS, **headers):
    return [client.get(address, **(STRANGER | headers)).status_code for _time in range(times)]


def test_who_reads_more_is_told_when_to_go_on(client):
    assert statuses(client, 2) == [200, 200]
    refused = client.get(ADDRESS, **STRANGER)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "40"
    assert refused["RateLimit"] == '"reading";r=0;t=40'
    assert refused["Cache-Control"] == "no-store"
    assert refused.json()["code"] == "throttled"
    assert "Go on in 40 seconds" in refused.json()["detail"]


def test_the_next_minute_begins_anew(client):
    assert statuses(client, 3) == [200, 200, 429]
    with time_machine.travel("2026-01-05T12:01:00Z", tick=False):
        assert statuses(client, 1) == [200]


def test_each_answer_of_the_api_tells_the_limit(client, settings):
    assert client.get(ADDRESS)["RateLimit-Policy"] == '"reading";q=2;w=60'
    assert "RateLimit-Policy" not in client.get(f"{MBC}/")
    settings.API_READS_PER_MINUTE = 0
    assert "RateLimit-Policy" not in client.get(ADDRESS)


def test_another_address_is_counted_apart(client):
    assert statuses(client, 3) == [200, 200, 429]
    assert statuses(client, 1, REMOTE_ADDR="1.2.3.5") == [200]


def test_an_answer_that_has_not_changed_does_not_count(client):
    tag = client.get(ADDRESS)["ETag"]
    assert statuses(client, 4, HTTP_IF_NONE_MATCH=tag) == [304] * 4
    assert statuses(client, 3) == [200, 200, 429]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "::1", "fd00::1", "nobody"])
def test_the_machine_itself_and_its_network_are_not_limited(client, address):
    assert statuses(client, 4, REMOTE_ADDR=address) == [200] * 4


def test_a_visitor_behind_a_trusted_proxy_is_limited_by_the_own_address(client, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    behind = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4"}
    assert statuses(client, 3, **behind) == [200, 200, 429]
    assert statuses(client, 1, **(behind | {"HTTP_X_FORWARDED_FOR": "1.2.3.4, 1.2.3.6"})) == [200]


def test_a_counter_that_the_cache_has_dropped_begins_anew(client, monkeypatch):
    monkeypatch.setattr(type(caches["default"]), "incr", lambda *given: int("dropped"))
    assert statuses(client, 4) == [200] * 4


def test_pages_are_not_limited(client):
    assert statuses(client, 4, f"{MBC}/") == [200] * 4


def test_the_pages_of_another_site_can_read_the_limit(client):
    answer = client.get(ADDRESS, HTTP_ORIGIN="https://example.org", **STRANGER)
    assert {"RateLimit", "RateLimit-Policy"} <= set(answer["Access-Control-Expose-Headers"].split(", "))
    assert statuses(client, 2) == [200, 429]
    assert client.get(ADDRESS, HTTP_ORIGIN="https://example.org", **STRANGER)["Access-Control-Allow-Origin"] == "*"


def test_the_description_and_the_guide_tell_it(client):
    schema = client.get(f"{API}/schema/?format=json").json()
    reading = [operations["get"]["responses"] for operations in schema["paths"].values() if "get" in operations]
    assert [answers for answers in reading if "429" not in answers] == []
    assert "429" in REFUSALS
    assert "may read 2 answers a minute" in " ".join(client.get("/api/").content.decode().split())
