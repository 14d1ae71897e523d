"""The cache that machines share (`CACHE_URL`), and the memory of the process while it does not answer.

Nothing in the cache is missed for good: kept answers are made again, and limits are counted by each process for itself meanwhile.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
AGAIN_AFTER = 5.0
"""Seconds until a cache that did not answer is asked again."""
_silent_until: dict[str, float] = {}
"""By server. Threads of a process learn from each other."""


class SharedCache(RedisCache):
    """Redis or Valkey; in its place for some seconds the memory of this process, each time that it does not answer."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._server = server
        in_memory = {"KEY_PREFIX": params.get("KEY_PREFIX", ""), "OPTIONS": {"MAX_ENTRIES": 600, "CULL_FREQUENCY": 20}}
        self._meanwhile = LocMemCache(f"in place of {server}", in_memory)

    def _either(self, shared: Callable[..., Any], own: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= _silent_until.get(self._server, 0.0):
            try:
                return shared(*args, **kwargs)
            except RedisError as error:
                _silent_until[self._server] = time.monotonic() + AGAIN_AFTER
                logger.warning("The shared cache does not answer, memory takes its place: %s", error)
        return own(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._either(super().add, self._meanwhile.add, *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._either(super().get, self._meanwhile.get, *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._either(super().set, self._meanwhile.set, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._either(super().touch, self._meanwhile.touch, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._either(super().delete, self._meanwhile.delete, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._either(super().has_key, self._meanwhile.has_key, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return self._either(super().incr, self._meanwhile.incr, *args, **kwargs)
