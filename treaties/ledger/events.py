"""What the ledger tells the apps that depend on it."""

from collections.abc import Callable

from config.kit.extension_points import ExtensionPoint
from treaties.models import LedgerRecord

when_changed: ExtensionPoint[Callable[[LedgerRecord], object]] = ExtensionPoint()
"""Functions that are called, in the same transaction, when a record that waits was recorded, changed, refused or taken back."""


def has_changed(entry: LedgerRecord) -> None:
    """Tell all who asked that a record that waits is another now."""
    for tell in when_changed:
        tell(entry)
