"""The site's own chain: what decides an answer beside the acts, and what the site has published, sealed version by version.

It runs beside the treaties' chains and shares their sequence numbers. One chain for all treaties' acts would have changed every
hash that others keep; a Merkle log would prove single rows without the rest, but here everybody gets all rows anyway, and a chain
can be checked with nothing but SHA-256. Each app registers what of its own is sealed.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import rfc8785
from django.db import connections, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from treaties.ledger import proof
from treaties.ledger.chain import lock_ledger
from treaties.models import LedgerSequence, SealedVersion, State
from treaties.models.sealed_versions import SITE

LONGEST_DELAY = timedelta(hours=1)
"""A version is sealed when it is made. One that is older is found at an upgrade, or somebody has put it into the past."""
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Version:
    """A version as it is found. Args: by: the number of the account that confirmed it; None for what came from a file."""

    key: str
    number: int
    content: Content
    made_at: datetime | None = None
    by: int | None = None


@dataclass(frozen=True)
class SealedKind:
    """A kind of rows whose versions are sealed.

    Attributes:
        name: the model, as app.model.
        versions: all versions that are found now, but for those with the numbers of a query; none is left out without one.
        rows: what stands now by key, where versions have a row that they are versions of.
        is_sealed_later: `tidy` seals it within minutes, and not the transaction that makes it.
    """

    name: str
    versions: Callable[[models.QuerySet | None], Iterable[Version]]
    rows: Callable[[], Iterable[tuple[str, Content]]] | None = None
    is_sealed_later: bool = False


_kinds: dict[str, SealedKind] = {}


def seal_kinds(*kinds: SealedKind) -> None:
    """Have versions of these kinds sealed from now on."""
    _kinds.update({kind.name: kind for kind in kinds})


def history_kind(model: type[models.Model]) -> SealedKind:
    """The versions in the history of a model, which is never changed or deleted."""
    history: Any = model.history  # type: ignore[attr-defined]
    name = model._meta.pk.attname
    attributes = [field.attname for field in model._meta.concrete_fields]

    def content_of(row: Any) -> dict[str, Any]:
        return {attribute: proof.plain(getattr(row, attribute)) for attribute in attributes}

    def versions(but: models.QuerySet | None) -> Iterable[Version]:
        found = history.order_by("history_date", "history_id")
        if but is not None:
            found = found.exclude(history_id__in=but)
        for row in found.iterator():
            content = content_of(row) if row.history_type != "-" else {"gone": True}
            yield Version(str(getattr(row, name)), row.history_id, content, row.history_date, row.history_user_id)

    def rows() -> Iterable[tuple[str, Content]]:
        return ((str(row.pk), content_of(row)) for row in model._base_manager.order_by("pk").iterator())

    return SealedKind(model._meta.label_lower, versions, rows)


def seal(*models_or_names: type[models.Model] | str, recorded_by: int | None = None) -> int:
    """Seal what is not sealed yet, of some kinds or of all, to the end of the site's chain. Returns the number of versions.

    Args: recorded_by: the number of the account that proposed what is sealed now.
    """
    names = [each if isinstance(each, str) else each._meta.label_lower for each in models_or_names] or list(_kinds)
    with transaction.atomic():
        last = lock_ledger()
        now = timezone.now()
        new: list[tuple[datetime, str, Version]] = []
        for name in names:
            sealed = SealedVersion.objects.filter(kind=name).order_by().values("number")
            new += [(version.made_at or now, name, version) for version in _kinds[name].versions(sealed)]
        new.sort(key=lambda item: item[0])
        begun = set(SealedVersion.objects.order_by().values_list("kind", flat=True).distinct())
        rows = []
        for made_at, name, version in new:
            row = SealedVersion(
                kind=name,
                key=version.key,
                number=version.number,
                content=dict(version.content),
                made_at=made_at,
                recorded_by=recorded_by,
                confirmed_by=version.by,
                as_found=name not in begun and now - made_at > LONGEST_DELAY,
                sealed_at=now,
            )
            _append(row, last)
            rows.append(row)
        SealedVersion.objects.bulk_create(rows, batch_size=500)
        if rows:
            last.site_sealed_at = now
            last.save()
    return len(rows)


def _append(row: SealedVersion, last: LedgerSequence) -> None:
    last.last_sequence += 1
    row.sequence = last.last_sequence
    row.previous_hash = last.site_hash or proof.GENESIS
    row.hash = proof.row_hash(proof.canonical(row), row.previous_hash)
    last.site_hash = row.hash
    last.site_length += 1


def seal_what_is_found(using: str, **kwargs: Any) -> None:
    """After an upgrade, once all migrations are made: seal what was made before the site sealed it, as it is found."""
    connection = connections[using]
    if SealedVersion._meta.db_table not in connection.introspection.table_names():
        return
    if SealedVersion.objects.using(using).exists() or not State.objects.using(using).exists():
        return
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        seal()


def standing(last: int) -> list[dict[str, str]]:
    """What stands now of all rows whose versions are sealed up to a number, each by its hash, so that a checkpoint tells of it too.

    The hash is the SHA-256 of the canonical JSON (RFC 8785) of those fields that the row's last version in the chain has.
    """
    versions = SealedVersion.objects.filter(sequence__lte=last).order_by("made_at", "number")
    known: dict[frozenset[str], frozenset[str]] = {}
    # The names alone are held in memory, and those of a kind once: texts may be long and many.
    fields: dict[tuple[str, str], frozenset[str]] = {}
    for kind_name, key, content in versions.values_list("kind", "key", "content").iterator():
        names = frozenset(content)
        fields[kind_name, key] = known.setdefault(names, names)
    return [
        {"kind": kind.name, "key": key, "sha256": _hash_of(content, fields.get((kind.name, key), frozenset(content)))}
        for kind in _kinds.values()
        if kind.rows is not None
        for key, content in kind.rows()
    ]


def last_versions(chain: Iterable[SealedVersion]) -> dict[tuple[str, str], SealedVersion]:
    """The last version of each row, by its kind and key."""
    in_order = sorted(chain, key=lambda row: (row.made_at, row.number))
    return {(row.kind, row.key): row for row in in_order}


def _hash_of(content: Content, names: frozenset[str]) -> str:
    return hashlib.sha256(rfc8785.dumps({name: content[name] for name in content.keys() & names})).hexdigest()


# --- Verification --------------------------------------------------------------------------------------------


def site_chain() -> list[SealedVersion]:
    """All sealed versions, in order. One query."""
    return list(SealedVersion.objects.order_by("sequence"))


def verify_site() -> list[proof.Fault]:
    """Every sealed version that was altered, is missing or stands in another place, and everything that is now another than was
    sealed last."""
    chain = site_chain()
    head = LedgerSequence.objects.filter(pk=1).first() or LedgerSequence()
    faults = proof.check_chain(SITE, chain, head.site_length, head.site_hash or proof.GENESIS)
    faults += [proof.Fault(SITE, wrong.name_in_ledger, message) for wrong, message in _wrong_moments(chain)]
    by_kind: dict[str, list[SealedVersion]] = {name: [] for name in _kinds}
    for version in chain:
        by_kind.setdefault(version.kind, []).append(version)
    for name, of_kind in by_kind.items():
        if name not in _kinds:
            faults.append(proof.Fault(SITE, name, "is a kind that this release of the site does not know."))
        else:
            faults += [proof.Fault(SITE, what, message) for what, message in _compared(_kinds[name], of_kind)]
    return faults


def _wrong_moments(chain: Iterable[SealedVersion]) -> Iterable[tuple[SealedVersion, str]]:
    begun: set[str] = set()
    last: datetime | None = None
    for row in chain:
        if last is not None and row.sealed_at < last:
            yield row, "was sealed before the one that stands before it."
        if row.as_found and row.kind in begun:
            yield row, "says that it was found at an upgrade, which was over by then."
        if not row.as_found:
            begun.add(row.kind)
            if not timedelta(0) <= row.sealed_at - row.made_at <= LONGEST_DELAY:
                yield row, "tells another moment than that of its sealing."
        last = row.sealed_at


def _compared(kind: SealedKind, sealed: Iterable[SealedVersion]) -> Iterable[tuple[str, str]]:
    """What differs between the versions of a kind as they were sealed and what is found now."""
    by_number = {row.number: row for row in sealed}
    last = {key: row for (_kind, key), row in last_versions(by_number.values()).items()}
    found = set()
    for version in kind.versions(None):
        kept = by_number.get(version.number)
        found.add(version.number)
        if kept is None:
            if not kind.is_sealed_later:
                yield f"{kind.name} {version.key}, version {version.number}", "was made and not sealed."
        elif (
            kept.key != version.key
            or (version.made_at is not None and kept.made_at != version.made_at)
            or (version.by is not None and kept.confirmed_by != version.by)  # an account may be gone
            or not _agree(kept.content, version.content)
        ):
            yield kept.name_in_ledger, "is kept otherwise than it was sealed."
    for number in by_number.keys() - found:
        yield by_number[number].name_in_ledger, "was sealed and is not kept any more."
    if kind.rows is None:
        return
    present = set()
    for key, content in kind.rows():
        present.add(key)
        if key not in last or last[key].content.get("gone") or not _agree(last[key].content, content):
            yield f"{kind.name} {key}", "is another now than was sealed last."
    for key, row in last.items():
        if key not in present and not row.content.get("gone"):
            yield row.name_in_ledger, "is of a row that is gone."


def _agree(sealed: Content, found: Content) -> bool:
    """Whether what was sealed is what is found, as far as both have a name for it: a later release may have fields more."""
    return all(found[name] == value for name, value in sealed.items() if name in found) and bool(
        sealed.get("gone")
    ) == bool(found.get("gone"))
