"""Doors of access tokens: issued once, shown once, revoked; whose a token is."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from treaties.models import AccessToken

_MARK = "mf_"  # so that a secret scanner knows what it found
LAST_USED_STEP = timedelta(minutes=5)


def issue(user: AbstractBaseUser, *, name: str, expires_at: datetime) -> tuple[AccessToken, str]:
    """A new token and its secret, which is not kept."""
    secret = _MARK + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        user=user,  # type: ignore[misc]
        name=name,
        prefix=secret[:8],
        token_hash=_hash(secret),
        expires_at=expires_at,
    )
    return token, secret


def revoke(token: AccessToken) -> None:
    """From now on the token opens nothing. Revoking it again changes nothing."""
    AccessToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def bearer(secret: str) -> AccessToken | None:
    """The token of a secret, if it is neither expired nor revoked and its editor is active."""
    now = timezone.now()
    token = (
        AccessToken.objects.filter(
            token_hash=_hash(secret),
            expires_at__gt=now,
            revoked_at__isnull=True,
            user__is_active=True,
            user__is_staff=True,
        )
        .select_related("user")
        .first()
    )
    if token and (token.last_used_at is None or token.last_used_at < now - LAST_USED_STEP):
        AccessToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
