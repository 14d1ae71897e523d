"""What the site's own chain seals of statements: each version that was public, by its hash. The text itself stays here alone.

A version that is corrected or withdrawn later can be proved all the same, by who kept its text: see PROOF.md of the ledger.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import rfc8785
from django.db.models import QuerySet
from django.utils import timezone

from news.models import Statement
from news.models.choices import PUBLIC_STATES
from treaties.ledger.sealing import SealedKind, Version, seal_kinds

_TIMES = ("id", "history_id", "history_date", "workflow", "publish_at")


def text_hash(title: str, body: str) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of `{"text": body, "title": title}`, in hexadecimal."""
    return hashlib.sha256(rfc8785.dumps({"title": title, "text": body})).hexdigest()


def public_versions(but: QuerySet | None) -> Iterable[Version]:
    """The versions of statements that have been public. What was taken back before its minute came was not."""
    history: Any = Statement.history
    sealed = set(but.values_list("number", flat=True)) if but is not None else set()
    chosen = [number for number in public_numbers() if number not in sealed]
    for version in history.filter(history_id__in=chosen).order_by("history_date", "history_id").iterator():
        content = {
            "address": version.slug,
            "language": version.language,
            "workflow": version.workflow,
            "dated_on": version.dated_on.isoformat(),
            "public_from": version.publish_at.isoformat(),
            "text_sha256": text_hash(version.title, version.body),
        }
        yield Version(str(version.id), version.history_id, content)


def public_numbers() -> Iterable[int]:
    """The numbers of the versions of statements that have been public."""
    history: Any = Statement.history
    now = timezone.now()
    versions = list(history.order_by("id", "history_date", "history_id").values_list(*_TIMES))
    for n, (statement, number, _made, workflow, since) in enumerate(versions):
        later = versions[n + 1] if n + 1 < len(versions) and versions[n + 1][0] == statement else None
        has_begun = workflow in PUBLIC_STATES and since is not None and since <= now
        if has_begun and (later is None or later[2] > since):
            yield number


def register() -> None:
    """Have public versions of statements sealed."""
    seal_kinds(SealedKind("news.statement", public_versions, is_sealed_later=True))
