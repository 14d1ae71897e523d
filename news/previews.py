"""Preview links: a text that is not public yet, shown to whoever holds the address, until it expires or is revoked."""

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from news.models import PreviewLink, PreviewOpening, Statement
from news.querysets import PUBLIC_STATES


def make(statement: Statement, *, made_for: str, expires_at: datetime, by: User) -> tuple[PreviewLink, str]:
    """A new link and its secret, which is not kept."""
    secret = secrets.token_urlsafe(32)
    link = PreviewLink.objects.create(
        statement=statement, token_hash=_hash(secret), made_for=made_for, expires_at=expires_at, made_by=by
    )
    return link, secret


def revoke(link: PreviewLink) -> None:
    PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def open_link(secret: str, user: User | AnonymousUser) -> Statement | None:
    """The statement behind a link that still holds, with its opening written down; None where there is none."""
    link = (
        PreviewLink.objects.filter(token_hash=_hash(secret), expires_at__gt=timezone.now(), revoked_at=None)
        .exclude(statement__workflow="withdrawn")
        .first()
    )
    if link is None:
        return None
    statement = Statement.objects.for_page().get(pk=link.statement_id)
    if statement.workflow not in PUBLIC_STATES or not Statement.objects.public().filter(pk=statement.pk).exists():
        PreviewOpening.objects.create(link=link, user=user if isinstance(user, User) else None)
    return statement


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
