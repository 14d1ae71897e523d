"""Secrets of links and tokens: made at random, shown once, kept as hashes only."""

import hashlib
import secrets

from django.utils.crypto import salted_hmac


class LinkDead(Exception):
    """Nothing is behind the link: it is unknown, changed or expired, or the data behind it is deleted."""


class LinkUsed(Exception):
    """The link has been used already."""


def new_secret() -> str:
    """A secret of 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """The SHA-256 of a secret in hexadecimal. A random secret of this length needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_hash(purpose: str, text: str, *, key: str | None = None) -> str:
    """64 hexadecimal digits that cannot be turned back or tried out without the key (default: SECRET_KEY)."""
    return salted_hmac(purpose, text, secret=key, algorithm="sha256").hexdigest()
