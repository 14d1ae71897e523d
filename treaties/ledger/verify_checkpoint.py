#!/usr/bin/env python3
"""Checks a checkpoint of a treaty's ledger without the site that made it. Needs Python 3.8 or later and nothing else.

    python3 verify_checkpoint.py checkpoint.json [earlier-checkpoint.json]
    python3 verify_checkpoint.py --line kept.txt checkpoint.json [checkpoint.json ...]

Each row carries the SHA-256 of its canonical JSON (RFC 8785) together with the hash of the row before it. This script
computes every hash anew. Given an earlier checkpoint too, it checks that the later one only added rows to it. With --line it
checks the lines "minefree-checkpoint ROW HASH" of a text, such as a letter, against the checkpoints of all treaties, which
must be given. It ends with status 0 if everything holds, with 1 and a line for each fault if not.
"""

import hashlib
import json
import re
import sys

GENESIS = "0" * 64


def canonical(row):
    """RFC 8785 for what the rows hold: texts, whole numbers, null, and names in ASCII."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def faults_of(checkpoint):
    previous, last_sequence = GENESIS, 0
    for entry in checkpoint["rows"]:
        facts, name = entry["facts"], f"row {entry['facts']['sequence']}"
        if entry["previous_hash"] != previous:
            yield f"{name} does not follow the row before it"
        if facts["sequence"] <= last_sequence:
            yield f"{name} stands out of order"
        if facts["treaty"] != checkpoint["treaty"]:
            yield f"{name} belongs to another treaty"
        sealed = dict(facts, previous_hash=entry["previous_hash"])
        if hashlib.sha256(canonical(sealed)).hexdigest() != entry["hash"]:
            yield f"{name} has been altered since it was sealed"
        previous, last_sequence = entry["hash"], facts["sequence"]
    if len(checkpoint["rows"]) != checkpoint["head"]["length"]:
        yield "the head tells another number of rows"
    if previous != checkpoint["head"]["hash"]:
        yield "the head is not the last row's hash"


def faults_between(earlier, later):
    if earlier["treaty"] != later["treaty"]:
        yield "the two checkpoints are of different treaties"
    before = [entry["hash"] for entry in earlier["rows"]]
    after = [entry["hash"] for entry in later["rows"]]
    if after[: len(before)] != before:
        yield "the later checkpoint does not begin with the rows of the earlier one"


def faults_of_lines(text, checkpoints):
    rows = [(e["facts"]["sequence"], c["treaty"], e["hash"]) for c in checkpoints for e in c["rows"]]
    lines = re.findall(r"\bminefree-checkpoint\s+(\d+)\s+([0-9a-f]{64})\b", re.sub(r"=\r?\n", "", text))
    if not lines:
        yield "there is no checkpoint line in the text"
    for number, kept in lines:
        sequence = int(number)
        heads = {treaty: last for row, treaty, last in sorted(rows) if row <= sequence}
        name = f"the line of row {sequence}"
        if sequence > max([row[0] for row in rows], default=0):
            yield f"{name}: the checkpoints end before it"
        elif hashlib.sha256(canonical({"heads": heads, "sequence": sequence})).hexdigest() != kept:
            yield f"{name} does not stand for these checkpoints (are those of all treaties given?)"


def read(path):
    with open(path, encoding="utf-8") as source:
        return json.load(source)


def main_of_lines(kept, paths):
    checkpoints = [read(path) for path in paths]
    faults = [f"{c['treaty']}: {fault}" for c in checkpoints for fault in faults_of(c)]
    with open(kept, encoding="utf-8", errors="replace") as source:
        faults += faults_of_lines(source.read(), checkpoints)
    for fault in faults:
        print(fault)
    if not faults:
        print("every line stands in the record")
    return 1 if faults else 0


def main(paths):
    if paths[:1] == ["--line"] and len(paths) > 2:
        return main_of_lines(paths[1], paths[2:])
    if len(paths) not in (1, 2):
        print(__doc__)
        return 2
    later = read(paths[0])
    faults = list(faults_of(later))
    if len(paths) == 2:
        earlier = read(paths[1])
        faults += [f"earlier checkpoint: {fault}" for fault in faults_of(earlier)]
        faults += faults_between(earlier, later)
    for fault in faults:
        print(fault)
    if not faults:
        head = later["head"]
        print(f"{later['treaty']}: {head['length']} rows, head {head['hash']}: whole")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
