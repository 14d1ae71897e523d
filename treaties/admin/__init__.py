"""The officers' desk. Importing its parts registers them."""

from treaties.admin import comparisons, ledger, record

__all__ = ["comparisons", "ledger", "record"]
