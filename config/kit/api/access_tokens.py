"""Service functions of access tokens: issue, revoke, find by secret."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from config.kit.models import AccessToken
from config.kit.secret_links import hash_secret, new_secret

_MARK = "mf_"  # by which secret scanners recognise it
LAST_USED_STEP = timedelta(minutes=5)


def issue(user: AbstractBaseUser, *, name: str, expires_at: datetime) -> tuple[AccessToken, str]:
    """Make a token. Returns it with its secret, of which only a hash is saved."""
    secret = _MARK + new_secret()
    token = AccessToken.objects.create(
        user=user,  # type: ignore[misc]
        name=name,
        prefix=secret[:8],
        token_hash=hash_secret(secret),
        expires_at=expires_at,
    )
    return token, secret


def revoke(token: AccessToken) -> None:
    """Make a token useless from now on. Revoking it again changes nothing."""
    AccessToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def find(secret: str) -> AccessToken | None:
    """The token that has a secret, if it is neither expired nor revoked and its editor is active."""
    now = timezone.now()
    token = (
        AccessToken.objects.filter(
            token_hash=hash_secret(secret),
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
