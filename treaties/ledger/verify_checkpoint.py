#!/usr/bin/env python3
"""Checks checkpoints of the record without the site that made them. Needs Python 3.8 or later, and nothing else but for --key.

    python3 verify_checkpoint.py checkpoint.json [earlier-checkpoint.json]
    python3 verify_checkpoint.py --line kept.txt checkpoint.json [checkpoint.json ...]
    python3 verify_checkpoint.py --key checkpoint-key.pem ...

Each row carries the SHA-256 of its canonical JSON (RFC 8785) together with the hash of the row before it. This script
computes every hash anew. A file holds the chain of one treaty, or all chains of the record, the site's own among them. Given an
earlier checkpoint too, it checks that the later one only added rows to it. With --line it checks the lines
"minefree-checkpoint ROW HASH SIGNATURE" of a text, such as a letter, against the checkpoints of all chains, which must be given.
With --key it checks that lines are signed with one of the site's published keys; that alone needs the package "cryptography".
It ends with status 0 if everything holds, with 1 and a line for each fault if not.
"""

import base64
import hashlib
import json
import re
import sys
from datetime import datetime, timedelta

GENESIS = "0" * 64
LONGEST_DELAY = timedelta(hours=1)
PUBLISHED = ("news.statement", "campaign.daytally")
"""What was published once is sealed by itself: no row has to stand for it."""
LINE = re.compile(r"\bminefree-checkpoint\s+(\d+)\s+([0-9a-f]{64})\b(?:\s+([A-Za-z0-9_-]{86})(?![A-Za-z0-9_-]))?")


def canonical(row):
    """RFC 8785 for what the rows hold: texts, whole numbers, true, false, null, lists, and names in ASCII."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def name_of(found):
    """The slug of a treaty, or the name of the site's own chain."""
    return found.get("treaty") or found["chain"]


def chains_of(checkpoint):
    return checkpoint.get("chains", [checkpoint])


def faults_of(chain):
    """The faults of one chain."""
    previous, last_sequence = GENESIS, 0
    for entry in chain["rows"]:
        facts, name = entry["facts"], f"row {entry['facts']['sequence']}"
        if entry["previous_hash"] != previous:
            yield f"{name} does not follow the row before it"
        if facts["sequence"] <= last_sequence:
            yield f"{name} stands out of order"
        if name_of(facts) != name_of(chain):
            yield f"{name} belongs to another chain"
        sealed = dict(facts, previous_hash=entry["previous_hash"])
        if hashlib.sha256(canonical(sealed)).hexdigest() != entry["hash"]:
            yield f"{name} has been altered since it was sealed"
        previous, last_sequence = entry["hash"], facts["sequence"]
    if len(chain["rows"]) != chain["head"]["length"]:
        yield "the head tells another number of rows"
    if previous != chain["head"]["hash"]:
        yield "the head is not the last row's hash"
    yield from faults_of_moments(entry["facts"] for entry in chain["rows"] if "sealed_at" in entry["facts"])


def faults_of_moments(versions):
    """What the site's own chain tells of its moments: nothing is put into the past."""
    last, begun = "", set()
    for facts in versions:
        name = f"row {facts['sequence']}"
        if facts["sealed_at"] < last:
            yield f"{name} was sealed before the one that stands before it"
        if facts["as_found"] and facts["kind"] in begun:
            yield f"{name} says that it was found at an upgrade, which was over by then"
        if not facts["as_found"]:
            begun.add(facts["kind"])
            if not timedelta(0) <= moment(facts["sealed_at"]) - moment(facts["made_at"]) <= LONGEST_DELAY:
                yield f"{name} tells another moment than that of its sealing"
        last = facts["sealed_at"]


def moment(text):
    return datetime.strptime(text.replace("Z", "+0000"), "%Y-%m-%dT%H:%M:%S.%f%z")


def faults_between(earlier, later):
    now = {name_of(chain): chain for chain in chains_of(later)}
    for chain in chains_of(earlier):
        name = name_of(chain)
        if name not in now:
            yield f"{name}: the later checkpoint does not have this chain"
            continue
        before = [entry["hash"] for entry in chain["rows"]]
        after = [entry["hash"] for entry in now[name]["rows"]]
        if after[: len(before)] != before:
            yield f"{name}: the later checkpoint does not begin with the rows of the earlier one"


def faults_of_lines(text, checkpoints, keys):
    chains = [chain for checkpoint in checkpoints for chain in chains_of(checkpoint)]
    rows = [(e["facts"]["sequence"], name_of(c), e["hash"]) for c in chains for e in c["rows"]]
    lines = LINE.findall(re.sub(r"=\r?\n", "", text))
    if not lines:
        yield "there is no checkpoint line in the text"
    for number, kept, signature in lines:
        sequence = int(number)
        heads = {chain: last for row, chain, last in sorted(rows) if row <= sequence}
        name = f"the line of row {sequence}"
        if sequence > max([row[0] for row in rows], default=0):
            yield f"{name}: the checkpoints end before it"
        elif hashlib.sha256(canonical({"heads": heads, "sequence": sequence})).hexdigest() != kept:
            yield f"{name} does not stand for these checkpoints (are those of all chains given?)"
        if keys and not is_signed(f"minefree-checkpoint {number} {kept}", signature, keys):
            yield f"{name} is not signed with one of the keys"


def faults_of_file(checkpoint, keys):
    for chain in chains_of(checkpoint):
        for fault in faults_of(chain):
            yield f"{name_of(chain)}: {fault}"
    if "chains" in checkpoint:
        yield from faults_of_standing(checkpoint)
        yield from faults_of_lines(checkpoint["line"], [checkpoint], keys)


def faults_of_standing(checkpoint):
    """Whether what stands now is what was sealed last: rows that were changed beside the record."""
    versions = [e["facts"] for chain in checkpoint["chains"] if "chain" in chain for e in chain["rows"]]
    last = {}
    for facts in sorted(versions, key=lambda facts: (facts["made_at"], facts["version"])):
        last[facts["kind"], facts["key"]] = facts["content"]
    found = {(row["kind"], row["key"]): row["sha256"] for row in checkpoint["standing"]}
    for (kind, key), sha256 in found.items():
        content = last.get((kind, key), {"gone": True})
        if hashlib.sha256(canonical(content)).hexdigest() != sha256:
            yield f"{kind} {key} is another now than was sealed last"
    for (kind, key), content in last.items():
        if (kind, key) not in found and kind not in PUBLISHED and not content.get("gone"):
            yield f"{kind} {key} was sealed and is gone"


def is_signed(text, signature, keys):
    from cryptography.exceptions import InvalidSignature

    for key in keys:
        try:
            key.verify(base64.urlsafe_b64decode(signature + "=="), text.encode("ascii"))
        except (InvalidSignature, ValueError):
            continue
        return True
    return False


def keys_of(path):
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError:
        sys.exit("To check signatures, install the package cryptography: python3 -m pip install cryptography")
    with open(path, encoding="ascii") as source:
        parts = re.findall(r"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", source.read(), re.S)
    return [load_pem_public_key(part.encode("ascii")) for part in parts] or sys.exit(
        "There is no public key in " + path
    )


def read(path):
    with open(path, encoding="utf-8") as source:
        return json.load(source)


def told(faults, holds):
    for fault in faults:
        print(fault)
    if not faults:
        print(holds)
    return 1 if faults else 0


def main(arguments):
    paths, keys = list(arguments), []
    if paths[:1] == ["--key"] and len(paths) > 2:
        keys, paths = keys_of(paths[1]), paths[2:]
    if paths[:1] == ["--line"] and len(paths) > 2:
        checkpoints = [read(path) for path in paths[2:]]
        faults = [fault for checkpoint in checkpoints for fault in faults_of_file(checkpoint, keys)]
        with open(paths[1], encoding="utf-8", errors="replace") as source:
            faults += faults_of_lines(source.read(), checkpoints, keys)
        return told(faults, "every line stands in the record")
    if len(paths) not in (1, 2) or paths[0].startswith("-"):
        print(__doc__)
        return 2
    later = read(paths[0])
    faults = list(faults_of_file(later, keys))
    if len(paths) == 2:
        earlier = read(paths[1])
        faults += [f"earlier checkpoint: {fault}" for fault in faults_of_file(earlier, keys)]
        faults += faults_between(earlier, later)
    whole = [f"{name_of(c)}: {c['head']['length']} rows, head {c['head']['hash']}: whole" for c in chains_of(later)]
    return told(faults, "\n".join(whole))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
