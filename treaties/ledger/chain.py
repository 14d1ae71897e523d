"""The chain of the ledger: sequence numbers and hashes, given under one lock; its end, its verification."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import merge
from itertools import groupby

from django.db import connection, transaction
from django.db.models import Case, Count, Max, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from treaties.law import rules
from treaties.ledger import proof
from treaties.ledger.attachments import follow
from treaties.ledger.reading import computed_effects
from treaties.models import (
    ArmedConflictHold,
    LedgerHead,
    LedgerRecord,
    LedgerSequence,
    SealedVersion,
    Treaty,
    TreatyAction,
)


def lock_ledger() -> LedgerSequence:
    """Lock the whole ledger against other confirmations, to the end of the caller's transaction."""
    LedgerSequence.objects.get_or_create(pk=1)
    return LedgerSequence.objects.select_for_update().get(pk=1)


def append_to_chain(rows: Sequence[LedgerRecord]) -> None:
    """Give confirmed rows their sequence numbers and hashes, in this order. Sequence order is commit order.

    The lock on the last sequence number is held to the end of the caller's transaction, in which the caller saves the rows.
    The rows must have their primary keys.
    """
    if not rows:
        return
    last = lock_ledger()
    heads = {h.treaty_id: h for h in LedgerHead.objects.filter(treaty__in={r.ledger_treaty.pk for r in rows})}
    for row in rows:
        last.last_sequence += 1
        treaty = row.ledger_treaty
        head = heads.setdefault(treaty.pk, LedgerHead(treaty=treaty, length=0, hash=proof.GENESIS))
        row.sequence = last.last_sequence
        row.previous_hash = head.hash
        row.hash = proof.row_hash(proof.canonical(row), head.hash)
        head.length += 1
        head.hash = row.hash
        head.sealed_at = row.confirmed_at or timezone.now()
    last.save()
    for head in heads.values():
        head.save()


def import_confirmed(rows: Sequence[LedgerRecord], *, at: datetime, reason: str) -> None:
    """Save records that come with the project's own data, confirmed by their file, with their history.

    The hash covers the primary key and a confirmed row cannot change, so the keys are given before saving.
    """
    if not rows:
        return
    model = type(rows[0])
    with transaction.atomic():
        for row, key in zip(rows, next_keys(model, len(rows)), strict=True):
            row.pk = key
            row.recorded_at = row.confirmed_at = at
            if isinstance(row, TreatyAction):
                row.effective_on = rules.effective_on(row.as_rule_input(), row.treaty.rules)
        append_to_chain(rows)
        bulk_create_with_history(list(rows), model, default_change_reason=reason)
        follow((row for row in rows if isinstance(row, TreatyAction)), reason)


def next_keys(model: type[LedgerRecord], n: int) -> list[int]:
    """Primary keys for new rows, from the database's sequence where it has one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
            (counter,) = cursor.fetchone()
            cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [counter, n])
            return [key for (key,) in cursor.fetchall()]
    last = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    return list(range(last + 1, last + n + 1))


def chain_of(treaty: Treaty) -> list[LedgerRecord]:
    """The confirmed rows of a treaty, acts and holds, in sequence order. Two queries."""
    return chains_of([treaty])[treaty.slug]


def chains_of(treaties: Iterable[Treaty]) -> dict[str, list[LedgerRecord]]:
    """The same for many treaties, by their slugs. Two queries, however many."""
    found: dict[str, list[LedgerRecord]] = {treaty.slug: [] for treaty in treaties}
    actions = TreatyAction.objects.confirmed().filter(treaty__slug__in=found).select_related("treaty")
    holds = ArmedConflictHold.objects.confirmed().filter(withdrawal__treaty__slug__in=found)
    row: LedgerRecord
    for row in [*actions, *holds.select_related("withdrawal__treaty")]:
        found[row.ledger_treaty.slug].append(row)
    return {slug: proof.by_sequence(rows) for slug, rows in found.items()}


def chains_up_to(treaties: Sequence[Treaty], last: int) -> Iterator[tuple[Treaty, Iterator[LedgerRecord]]]:
    """The treaties that have sealed rows up to a number, each with these rows.

    They are read while they are taken, in the order of the treaties, and are not held in memory. Two queries, however many.
    """
    places = {treaty.pk: place for place, treaty in enumerate(treaties)}
    actions = TreatyAction.objects.confirmed().filter(treaty__in=places, sequence__lte=last).select_related("treaty")
    holds = ArmedConflictHold.objects.confirmed().filter(withdrawal__treaty__in=places, sequence__lte=last)
    in_order = [
        rows.order_by(in_place_of(places, treaty), "sequence").iterator()
        for rows, treaty in ((actions, "treaty"), (holds.select_related("withdrawal__treaty"), "withdrawal__treaty"))
    ]
    rows = merge(*in_order, key=lambda row: (places[row.ledger_treaty.pk], row.sequence))
    for key, of_treaty in groupby(rows, key=lambda row: row.ledger_treaty.pk):
        yield treaties[places[key]], of_treaty


def in_place_of(places: Mapping[int, int], name: str) -> Case:
    """Orders rows by the places that are given to the keys which a field has."""
    return Case(*(When(**{name: key}, then=Value(place)) for key, place in places.items()), default=Value(len(places)))


def ends_of(treaties: Iterable[Treaty], last: int) -> dict[int, tuple[int, str]]:
    """How many sealed rows the chain of each treaty has up to a number, and the hash of the last of them. Four queries."""
    keys = [treaty.pk for treaty in treaties]
    found: dict[int, tuple[int, int]] = dict.fromkeys(keys, (0, 0))
    for rows, treaty in (
        (TreatyAction.objects.confirmed(), "treaty"),
        (ArmedConflictHold.objects.confirmed(), "withdrawal__treaty"),
    ):
        ends = rows.filter(sequence__lte=last, **{f"{treaty}__in": keys}).order_by().values_list(treaty)
        for key, length, end in ends.annotate(length=Count("pk"), end=Max("sequence")):
            found[key] = found[key][0] + length, max(found[key][1], end)
    numbers = [end for _length, end in found.values()]
    hashes = dict(TreatyAction.objects.filter(sequence__in=numbers).values_list("sequence", "hash")) | dict(
        ArmedConflictHold.objects.filter(sequence__in=numbers).values_list("sequence", "hash")
    )
    return {key: (length, hashes.get(end, proof.GENESIS)) for key, (length, end) in found.items()}


def heads_at(treaties: Iterable[Treaty], moment: datetime) -> dict[int, str]:
    """For each treaty the hash of the last row that its chain had at a moment; that of the empty chain before the first one.

    One query.
    """
    acts = TreatyAction.objects.filter(treaty=OuterRef("pk"), confirmed_at__lte=moment).order_by("-sequence")
    holds = ArmedConflictHold.objects.filter(withdrawal__treaty=OuterRef("pk"), confirmed_at__lte=moment)
    holds = holds.order_by("-sequence")
    found = Treaty.objects.filter(pk__in=[treaty.pk for treaty in treaties]).values_list(
        "pk",
        Subquery(acts.values("sequence")[:1]),
        Subquery(acts.values("hash")[:1]),
        Subquery(holds.values("sequence")[:1]),
        Subquery(holds.values("hash")[:1]),
    )
    return {
        pk: (head_of_holds if (last_hold or 0) > (last_act or 0) else head_of_acts) or proof.GENESIS
        for pk, last_act, head_of_acts, last_hold, head_of_holds in found
    }


def heads_of(treaties: Iterable[Treaty]) -> dict[int, LedgerHead]:
    """The ends of the chains of treaties; without those in which nothing is confirmed. One query.

    Each has in `record_changed_at` when anything of the record changed last: the treaty's acts, or what the site's chain seals; and
    in `site_hash` the end of that chain.
    """
    site = LedgerSequence.objects.filter(pk=1)
    changed = Greatest("sealed_at", Coalesce(Subquery(site.values("site_sealed_at")), "sealed_at"))
    found = LedgerHead.objects.filter(treaty__in=[treaty.pk for treaty in treaties])
    heads: dict[int, LedgerHead] = {}
    for head in found.annotate(changed=changed, site_end=Subquery(site.values("site_hash"))):
        head.record_changed_at, head.site_hash = head.changed, head.site_end or ""
        heads[head.treaty_id] = head
    return heads


def site_head_at(moment: datetime) -> str:
    """The hash of the last version that the site's own chain had at a moment; an empty text before the first. One query."""
    sealed = SealedVersion.objects.filter(sealed_at__lte=moment).order_by("-sequence")
    return sealed.values_list("hash", flat=True).first() or ""


def head_of(treaty: Treaty) -> LedgerHead | None:
    """The end of a treaty's chain; None while nothing is confirmed."""
    return LedgerHead.objects.filter(treaty=treaty).first()


def verify(treaty: Treaty) -> list[proof.Fault]:
    """Every row of a treaty's chain that was altered, is missing, is out of place, or is listed under a wrong day of effect."""
    head = head_of(treaty)
    length, last = (head.length, head.hash) if head else (0, proof.GENESIS)
    faults = proof.check_chain(treaty.slug, chain_of(treaty), length, last)
    actions = TreatyAction.objects.of(treaty).confirmed().select_related("treaty").order_by("pk")
    return faults + [
        proof.Fault(treaty.slug, row.name_in_ledger, "is listed under another day of effect than the rules give.")
        for row, effect in computed_effects(actions)
        if effect != row.effective_on
    ]
