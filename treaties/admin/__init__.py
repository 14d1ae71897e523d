"""The officers' desk. Importing its parts registers them."""

from treaties.admin import access, comparisons, ledger, record

__all__ = ["access", "comparisons", "ledger", "record"]
