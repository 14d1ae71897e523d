"""Threads that all begin at one moment, for tests of locks."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do the acts at the same moment, each on a connection of its own.

    Returns what each gave back, in their order; of one that failed, its exception. A test that does not look for an exception
    asserts that there is none.
    """
    together = threading.Barrier(len(acts))
    given: list[Any] = [None] * len(acts)

    def run(n: int) -> None:
        together.wait()
        try:
            given[n] = acts[n]()
        except Exception as error:  # for the test to judge
            given[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def failures(given: list[Any]) -> list[Exception]:
    """What was raised."""
    return [result for result in given if isinstance(result, Exception)]
