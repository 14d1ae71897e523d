"""Checkpoints: what others keep of the ledger, so that they can tell later whether the site's record still extends it.

A checkpoint is the whole chain of a treaty as a file. A checkpoint line stands for the whole ledger and travels in letters, feeds
and descriptions of the data, where the site cannot take it back:

    minefree-checkpoint 1301 5f2c...

It names the last row, and SHA-256 over the canonical JSON (RFC 8785) of `{"heads": {treaty: hash}, "sequence": 1301}`: for each
treaty with rows up to that one, the hash of its last.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from django.db.models import Subquery

from treaties.ledger import proof
from treaties.ledger.chain import chain_of, verify
from treaties.models import LedgerHead, LedgerRecord, LedgerSequence, Treaty

FORMAT = "minefree-ledger-checkpoint/1"
WORD = "minefree-checkpoint"
_LINE = re.compile(rf"\b{WORD}\s+(\d{{1,18}})\s+([0-9a-f]{{64}})\b")


@dataclass(frozen=True, order=True)
class CheckpointLine:
    """The whole ledger at one row, in one line."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{WORD} {self.sequence} {self.hash}"


def line_of(heads: Mapping[str, str], sequence: int) -> CheckpointLine:
    """The line of a ledger whose treaties' chains end so at a row."""
    return CheckpointLine(
        sequence, hashlib.sha256(rfc8785.dumps({"heads": dict(heads), "sequence": sequence})).hexdigest()
    )


def checkpoint_line() -> CheckpointLine:
    """The line of the ledger as it is now. One query, so that row and ends are of one moment."""
    last = LedgerSequence.objects.filter(pk=1).values("last_sequence")
    heads = list(LedgerHead.objects.annotate(last=Subquery(last)).values_list("treaty__slug", "hash", "last"))
    return line_of({slug: end for slug, end, _last in heads}, heads[0][2] if heads else 0)


def checkpoint(treaty: Treaty, at: datetime) -> dict[str, Any]:
    """The whole chain of a treaty, to be kept elsewhere and checked without the site. `at` is the moment told in it."""
    rows = chain_of(treaty)
    return {
        "format": FORMAT,
        "treaty": treaty.slug,
        "exported_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "head": {"length": len(rows), "hash": rows[-1].hash if rows else proof.GENESIS},
        "rows": [{"facts": proof.canonical(row), "previous_hash": row.previous_hash, "hash": row.hash} for row in rows],
    }


# --- Comparing today's ledger with what was kept -------------------------------------------------------------


class NoCheckpoint(ValueError):
    """What was given holds neither a checkpoint nor a checkpoint line; the message says what is wanted."""


@dataclass(frozen=True)
class Verdict:
    """What a kept checkpoint says of today's record."""

    about: str
    holds: bool
    sentence: str

    def __str__(self) -> str:
        return f"{self.about}: {self.sentence}"


def compare(kept: str) -> list[Verdict]:
    """Whether today's record extends what was kept: a checkpoint file, or any text with checkpoint lines, such as a letter.

    The chains of today are verified too: a hash that is the same proves nothing of a row that was altered under it.
    Raises NoCheckpoint.
    """
    whole_lines = re.sub(r"=\r?\n", "", kept)  # a letter as it was sent may break a line with "="
    lines = sorted({CheckpointLine(int(number), end) for number, end in _LINE.findall(whole_lines)})
    if not lines:
        return _compare_file(kept)
    treaties = list(Treaty.objects.order_by("slug"))
    chains = {treaty.slug: chain_of(treaty) for treaty in treaties}
    return [*(_compare_line(line, chains) for line in lines), *_faults(treaties)]


def _compare_file(kept: str) -> list[Verdict]:
    if FORMAT not in kept:
        raise NoCheckpoint(
            f"There is no checkpoint in it: wanted is a file checkpoint.json, or a text with lines “{WORD} 1301 5f2c…”."
        )
    try:
        found = json.loads(kept)
        slug, hashes = str(found["treaty"]), [str(row["hash"]) for row in found["rows"]]
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise NoCheckpoint("It is no whole checkpoint file: save checkpoint.json anew.") from error
    treaty = Treaty.objects.filter(slug=slug).first()
    if treaty is None:
        return [Verdict(slug, False, "today's record has no such treaty.")]
    return [_compare_chain(treaty, hashes), *_faults([treaty])]


def _compare_chain(treaty: Treaty, before: list[str]) -> Verdict:
    now = [row.hash for row in chain_of(treaty)]
    kept = next((n for n, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), min(len(before), len(now)))
    if kept == len(before):
        return Verdict(
            treaty.slug, True, f"all {len(before)} rows stand in today's record, which has {len(now) - kept} more."
        )
    return Verdict(
        treaty.slug,
        False,
        f"row {kept + 1} of the {len(before)} that were kept is not in today's record at its place.",
    )


def _compare_line(line: CheckpointLine, chains: Mapping[str, list[LedgerRecord]]) -> Verdict:
    about = f"{WORD} {line.sequence}"
    last = max((row.sequence or 0 for rows in chains.values() for row in rows), default=0)
    if line.sequence > last:
        return Verdict(about, False, f"today's record ends before it, at row {last}: rows are missing at its end.")
    heads = {slug: end for slug, rows in chains.items() if (end := _end_at(rows, line.sequence))}
    if line_of(heads, line.sequence) != line:
        return Verdict(about, False, "today's record up to this row is another one than it was then.")
    return Verdict(about, True, f"stands in today's record, which has {last - line.sequence} more rows.")


def _end_at(rows: Iterable[LedgerRecord], sequence: int) -> str:
    """The hash of the last row up to a row of the whole ledger; an empty text before a treaty's first."""
    return next((r.hash for r in reversed(list(rows)) if (r.sequence or 0) <= sequence and r.hash), "")


def _faults(treaties: Iterable[Treaty]) -> list[Verdict]:
    return [
        Verdict(fault.treaty, False, f"{fault.row}: {fault.message}") for treaty in treaties for fault in verify(treaty)
    ]
