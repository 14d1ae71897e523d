"""Checkpoints: what others keep of the record, so that they can tell later whether the site's record still extends it.

A checkpoint is a whole chain as a file, or all chains in one: those of the treaties' acts and the site's own (see `sealing`).
A checkpoint line stands for all of them. It travels in letters, feeds and descriptions of the data, where the site cannot take it
back:

    minefree-checkpoint 1301 5f2c... 3vX9...

It names the last row; SHA-256 over the canonical JSON (RFC 8785) of `{"heads": {chain: hash}, "sequence": 1301}`: for each chain
with rows up to that one, the hash of its last; and the site's signature of what stands before it (see `signing`).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import rfc8785
from django.db.models import Subquery

from treaties.ledger import proof, signing
from treaties.ledger.chain import chains_of, chains_up_to, ends_of, verify
from treaties.ledger.sealing import site_chain, standing, verify_site
from treaties.models import LedgerHead, LedgerRecord, LedgerSequence, SealedVersion, Treaty
from treaties.models.sealed_versions import SITE

FORMAT = "minefree-ledger-checkpoint/1"
RECORD_FORMAT = "minefree-record-checkpoint/1"
WORD = "minefree-checkpoint"
_LINE = re.compile(rf"\b{WORD}\s+(\d{{1,18}})\s+([0-9a-f]{{64}})\b(?:\s+([A-Za-z0-9_-]{{86}})(?![A-Za-z0-9_-]))?")

Chain = Sequence[LedgerRecord | SealedVersion]
Checkpoint = dict[str, Any]
"""A checkpoint file. Its rows are iterators, read from the database while `config.kit.api.exports.json_parts` writes them."""


@dataclass(frozen=True, order=True)
class CheckpointLine:
    """The whole record at one row, in one line. Args: signature: empty where it is not signed, as lines of earlier releases."""

    sequence: int
    hash: str
    signature: str = field(default="", compare=False)

    @property
    def signed_text(self) -> str:
        return f"{WORD} {self.sequence} {self.hash}"

    def __str__(self) -> str:
        return f"{self.signed_text} {self.signature}".rstrip()


def line_of(heads: Mapping[str, str], sequence: int) -> CheckpointLine:
    """The line of a record whose chains end so at a row; not signed."""
    return CheckpointLine(
        sequence, hashlib.sha256(rfc8785.dumps({"heads": dict(heads), "sequence": sequence})).hexdigest()
    )


def signed_line(heads: Mapping[str, str], sequence: int) -> CheckpointLine:
    """The same with the site's signature."""
    line = line_of(heads, sequence)
    return CheckpointLine(line.sequence, line.hash, signing.sign(line.signed_text))


def checkpoint_line() -> CheckpointLine:
    """The line of the record as it is now. One query, so that row and ends are of one moment."""
    last = LedgerSequence.objects.filter(pk=1)
    found = LedgerHead.objects.annotate(
        last=Subquery(last.values("last_sequence")), site=Subquery(last.values("site_hash"))
    )
    ends = list(found.values_list("treaty__slug", "hash", "last", "site")) or [
        ("", "", number, site) for number, site in last.values_list("last_sequence", "site_hash")
    ]
    heads = {slug: end for slug, end, _last, _site in ends if slug}
    if ends and ends[0][3]:
        heads[SITE] = ends[0][3]
    return signed_line(heads, ends[0][2] if ends else 0)


def checkpoint(treaty: Treaty, at: datetime) -> Checkpoint:
    """The whole chain of a treaty, to be kept elsewhere and checked without the site. `at` is the moment told in it."""
    (written,) = _written_chains([treaty], _last_sequence())
    return {"format": FORMAT, "treaty": treaty.slug, "exported_at": _told(at), **written}


def site_checkpoint(at: datetime) -> Checkpoint:
    """The site's own chain in the same form."""
    return {"format": FORMAT, "chain": SITE, "exported_at": _told(at), **_written_site(_last_sequence())}


def record_checkpoint(at: datetime) -> Checkpoint:
    """All chains up to one row, with the line that stands for them. `at` is the moment told in it."""
    last = _last_sequence()
    treaties = list(Treaty.objects.order_by("slug"))
    chains: list[Checkpoint] = [
        {"treaty": treaty.slug} | found for treaty, found in zip(treaties, _written_chains(treaties, last), strict=True)
    ]
    chains.append({"chain": SITE, **_written_site(last)})
    heads = {c.get("treaty") or SITE: c["head"]["hash"] for c in chains if c["head"]["length"]}
    return {
        "format": RECORD_FORMAT,
        "exported_at": _told(at),
        "line": str(signed_line(heads, last)),
        "standing": standing(last),
        "chains": chains,
    }


def length_of(found: Checkpoint) -> int:
    """How many rows a checkpoint has, in all its chains."""
    return sum(chain["head"]["length"] for chain in found.get("chains", [found]))


def _last_sequence() -> int:
    """The number of the last row that is sealed. What is sealed while a checkpoint is read has later numbers and is not in it."""
    return LedgerSequence.objects.filter(pk=1).values_list("last_sequence", flat=True).first() or 0


def _written_chains(treaties: Sequence[Treaty], last: int) -> list[Checkpoint]:
    """The chains of treaties up to a row, in their order, in which they must be read."""
    ends, chains = ends_of(treaties, last), chains_up_to(treaties, last)
    return [
        _written(*ends[treaty.pk], _rows_of_next(chains) if ends[treaty.pk][0] else iter(())) for treaty in treaties
    ]


def _rows_of_next(chains: Iterator[tuple[Treaty, Iterator[LedgerRecord]]]) -> Iterator[LedgerRecord]:
    yield from next(chains)[1]


def _written_site(last: int) -> Checkpoint:
    rows = SealedVersion.objects.filter(sequence__lte=last).order_by("sequence")
    end = rows.values_list("hash", flat=True).last()
    return _written(rows.count(), end or proof.GENESIS, rows.iterator())


def all_chains() -> dict[str, Chain]:
    """The chains of all treaties by their slugs, and the site's own."""
    return {**chains_of(Treaty.objects.order_by("slug")), SITE: site_chain()}


def _told(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _written(length: int, end: str, rows: Iterator[LedgerRecord | SealedVersion]) -> Checkpoint:
    return {
        "head": {"length": length, "hash": end},
        "rows": ({"facts": proof.canonical(row), "previous_hash": row.previous_hash, "hash": row.hash} for row in rows),
    }


# --- Comparing today's record with what was kept -------------------------------------------------------------


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
    found = {CheckpointLine(int(number), end): signature for number, end, signature in _LINE.findall(whole_lines)}
    lines = sorted(CheckpointLine(line.sequence, line.hash, signature) for line, signature in found.items())
    if FORMAT in kept or RECORD_FORMAT in kept:
        return _compare_file(kept, lines)
    if not lines:
        raise NoCheckpoint(
            f"There is no checkpoint in it: wanted is a file checkpoint.json, or a text with lines “{WORD} 1301 5f2c…”."
        )
    chains = all_chains()
    return [*(_compare_line(line, chains) for line in lines), *_faults(chains)]


def _compare_file(kept: str, lines: Sequence[CheckpointLine]) -> list[Verdict]:
    try:
        found = json.loads(kept)
        parts = found["chains"] if found["format"] == RECORD_FORMAT else [found]
        before = {
            str(part.get("treaty") or part["chain"]): [str(row["hash"]) for row in part["rows"]] for part in parts
        }
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise NoCheckpoint("It is no whole checkpoint file: save checkpoint.json anew.") from error
    chains = all_chains()
    return [
        *(_compare_line(line, chains) for line in lines),
        *(_compare_chain(name, hashes, chains.get(name)) for name, hashes in before.items()),
        *_faults(name for name in before if name in chains),
    ]


def _compare_chain(name: str, before: Sequence[str], rows: Chain | None) -> Verdict:
    if rows is None:
        return Verdict(name, False, "today's record has no such treaty.")
    now = [row.hash for row in rows]
    kept = next((n for n, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), min(len(before), len(now)))
    if kept == len(before):
        return Verdict(name, True, f"all {len(before)} rows stand in today's record, which has {len(now) - kept} more.")
    return Verdict(
        name, False, f"row {kept + 1} of the {len(before)} that were kept is not in today's record at its place."
    )


def _compare_line(line: CheckpointLine, chains: Mapping[str, Chain]) -> Verdict:
    about = f"{WORD} {line.sequence}"
    last = max((row.sequence or 0 for rows in chains.values() for row in rows), default=0)
    if line.signature and not signing.is_signed_here(line.signed_text, line.signature):
        return Verdict(about, False, "its signature is not this site's.")
    if line.sequence > last:
        return Verdict(about, False, f"today's record ends before it, at row {last}: rows are missing at its end.")
    heads = {name: end for name, rows in chains.items() if (end := _end_at(rows, line.sequence))}
    if line_of(heads, line.sequence) != line:
        return Verdict(about, False, "today's record up to this row is another one than it was then.")
    return Verdict(about, True, f"stands in today's record, which has {last - line.sequence} more rows.")


def _end_at(rows: Chain, sequence: int) -> str:
    """The hash of the last row up to a row of the whole record; an empty text before a chain's first."""
    return next((r.hash for r in reversed(rows) if (r.sequence or 0) <= sequence and r.hash), "")


def _faults(names: Iterable[str]) -> list[Verdict]:
    chosen = set(names)
    faults = [fault for treaty in Treaty.objects.filter(slug__in=chosen).order_by("slug") for fault in verify(treaty)]
    if SITE in chosen:
        faults += verify_site()
    return [Verdict(fault.treaty, False, f"{fault.row}: {fault.message}") for fault in faults]
