"""Service functions of access tokens: issue, revoke, find by secret."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kit.models import AccessToken
from config.kit.secret_links import hash_secret, new_secret

log = logging.getLogger("minefree.tokens")
_MARK = "mf_"  # by which secret scanners recognise it
LAST_USED_STEP = timedelta(minutes=5)


def issue(
    user: AbstractBaseUser, *, name: str, expires_at: datetime, scope: str = AccessToken.Scope.WRITE
) -> tuple[AccessToken, str]:
    """Make a token and tell its holder by mail. Returns it with its secret, of which only a hash is saved."""
    secret = _MARK + new_secret()
    token = AccessToken.objects.create(
        user=user,  # type: ignore[misc]
        name=name,
        scope=scope,
        prefix=secret[:8],
        token_hash=hash_secret(secret),
        expires_at=expires_at,
    )
    transaction.on_commit(lambda: _tell_holder(token))
    return token, secret


def _tell_holder(token: AccessToken) -> None:
    """Write to the editor, so that a token that somebody else has made is noticed."""
    if not token.user.email:
        return
    words = render_to_string("accounts/new_token.txt", {"token": token, "site": settings.SITE_URL}).strip()
    try:
        send_mail(_("A new access token at Minefree"), words, None, [token.user.email])
    except OSError:
        log.exception("the mail about access token %s could not be sent", token.pk)


def revoke(token: AccessToken) -> None:
    """Make a token useless from now on. Revoking it again changes nothing."""
    AccessToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def find(secret: str, used_from: str = "") -> AccessToken | None:
    """The token that has a secret, if it is neither expired nor revoked and its editor is active.

    Args: used_from: the network that it is used from, which its holder is shown.
    """
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
    if token and (
        token.last_used_at is None
        or token.last_used_at < now - LAST_USED_STEP
        or (used_from and token.last_used_from != used_from)
    ):
        AccessToken.objects.filter(pk=token.pk).update(last_used_at=now, last_used_from=used_from)
    return token
