"""Places where an app lets the apps that depend on it add something, without importing them."""

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

Provider = TypeVar("Provider", bound=Callable[..., Any])


class ExtensionPoint(Generic[Provider]):
    """Functions that other apps register in their `AppConfig.ready`. They are called in the order of registration."""

    def __init__(self) -> None:
        self._providers: list[Provider] = []

    def register(self, *providers: Provider) -> None:
        """Add functions. One that is registered already is not added again."""
        self._providers += [p for p in providers if p not in self._providers]

    def __iter__(self) -> Iterator[Provider]:
        return iter(self._providers)
