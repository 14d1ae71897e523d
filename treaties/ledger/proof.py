"""The proof of the ledger: each confirmed row carries a SHA-256 of its canonical form and of the hash of the row before it.

Canonical JSON is RFC 8785. Chains run per treaty, and one beside them for what the site seals; sequence numbers run over all.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import rfc8785

GENESIS = "0" * 64
"""What stands for the hash before the first row of a treaty."""


@dataclass(frozen=True)
class Fault:
    """A fault in the chain of a treaty: a sentence that names the row."""

    treaty: str
    row: str
    message: str

    def __str__(self) -> str:
        return f"{self.treaty}: {self.row}: {self.message}"


def plain(value: Any) -> Any:
    """A value as JSON keeps it: days and moments (UTC) as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    return value


def canonical(row: Any) -> dict[str, Any]:
    """The facts of a confirmed row under public names. Officers appear as numbers, not names."""
    return {name: plain(value) for name, value in row.facts().items()}


def row_hash(facts: Mapping[str, Any], previous: str) -> str:
    """SHA-256 of the row's canonical form together with the hash before it, in hexadecimal."""
    return hashlib.sha256(rfc8785.dumps({**facts, "previous_hash": previous})).hexdigest()


def check_chain(treaty: str, rows: Sequence[Any], length: int, head: str) -> list[Fault]:
    """Find every row of a treaty that was altered, is missing or is out of place.

    Args:
        treaty: the treaty's slug, for the faults.
        rows: the confirmed rows as they are found now, by sequence number.
        length, head: the number of rows and the last row's hash, as saved when the last row was appended.
    """
    faults = []
    previous = GENESIS
    last_sequence = 0
    for row in rows:
        name = row.name_in_ledger
        if row.sequence is None or not row.hash:
            faults.append(Fault(treaty, name, "confirmed, but not sealed into the chain."))
            continue
        if row.previous_hash != previous:
            faults.append(
                Fault(treaty, name, "does not follow the row before it: a row is missing, moved or altered there.")
            )
        if row.sequence <= last_sequence:
            faults.append(Fault(treaty, name, "stands out of order."))
        if row.hash != row_hash(canonical(row), row.previous_hash):
            faults.append(Fault(treaty, name, "has been altered since it was sealed."))
        previous, last_sequence = row.hash, row.sequence
    if len(rows) != length:
        faults.append(Fault(treaty, "the chain", f"has {len(rows)} rows, but {length} were sealed."))
    if previous != head:
        faults.append(Fault(treaty, "the last row", "is not the one that was sealed last."))
    return faults


def by_sequence(rows: Iterable[Any]) -> list[Any]:
    """Rows in sequence order; rows without a number last."""
    return sorted(rows, key=lambda r: (r.sequence is None, r.sequence or 0, r.pk))
