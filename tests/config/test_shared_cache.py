"""A shared cache that does not answer: the site goes on with the memory of each process."""

from unittest import mock

import pytest
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as NoAnswer

from config.running import shared_cache
from config.running.shared_cache import SharedCache

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def cache():
    shared_cache._silent_until.clear()
    found = SharedCache(NOWHERE, {"OPTIONS": {"socket_connect_timeout": 0.5}})
    found._meanwhile.clear()
    yield found
    shared_cache._silent_until.clear()


def test_counts_and_keeps_in_memory_what_the_shared_cache_does_not_take(cache):
    assert cache.add("n", 1, 60)
    assert not cache.add("n", 1, 60)
    assert cache.incr("n") == 2
    cache.set("answer", b"kept")
    assert cache.get("answer") == b"kept"
    assert "answer" in cache
    assert cache.touch("answer")
    assert cache.delete("answer")
    assert cache.get("answer", "none") == "none"
    with pytest.raises(ValueError, match="not found"):
        cache.incr("never-set")


def test_is_asked_again_after_some_seconds_and_not_for_every_answer(cache, monkeypatch):
    with mock.patch.object(RedisCache, "get", side_effect=NoAnswer) as asked:
        for _turn in range(3):
            cache.get("x")
        assert asked.call_count == 1
    with mock.patch.object(RedisCache, "get", return_value="shared"):
        assert cache.get("x") is None
        monkeypatch.setattr(shared_cache, "AGAIN_AFTER", 0.0)
        shared_cache._silent_until.clear()
        assert cache.get("x") == "shared"


@pytest.mark.django_db
def test_pages_and_limits_go_on(client, settings):
    options = {"BACKEND": "config.running.shared_cache.SharedCache", "LOCATION": NOWHERE}
    settings.CACHES = {"default": options, "answers": options | {"KEY_PREFIX": "answers"}}
    assert client.get("/").status_code == 200
    assert client.get("/campaigns/humanitarian-disarmament/pledge/").status_code == 200
