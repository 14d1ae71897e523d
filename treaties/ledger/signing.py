"""Signatures of checkpoint lines: Ed25519 with a key of the site, whose public part is published.

A line shows that the record was altered; its signature shows that the line is the site's own, so that nobody can say the site a
line that it never gave, and the site cannot say that a line is not its own.
"""

import base64
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings


class WrongKey(ValueError):
    """A key that cannot be read; the message says what is wanted."""


def sign(text: str) -> str:
    """The signature of a text under the site's key: 86 letters of base64url, without padding."""
    return base64.urlsafe_b64encode(private_key(settings.CHECKPOINT_KEY).sign(text.encode())).decode().rstrip("=")


def is_signed_here(text: str, signature: str) -> bool:
    """Whether a text was signed with the site's key, or with one that the site had before."""
    return any(_fits(key, text, signature) for key in _public_keys())


def published_keys() -> str:
    """The public keys as PEM: that of today, then those of earlier days."""
    return "".join(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() for key in _public_keys())


@cache
def private_key(text: str) -> Ed25519PrivateKey:
    """The key that 32 bytes in base64 stand for. Raises WrongKey."""
    return Ed25519PrivateKey.from_private_bytes(_thirty_two_bytes(text))


def public_key(text: str) -> Ed25519PublicKey:
    """The public key that 32 bytes in base64 stand for. Raises WrongKey."""
    return Ed25519PublicKey.from_public_bytes(_thirty_two_bytes(text))


def _thirty_two_bytes(text: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:  # no base64, or no ASCII
        found = b""
    if len(found) != 32:
        raise WrongKey("A key is 32 bytes in base64, as `openssl rand -base64 32` makes them.")
    return found


def _public_keys() -> list[Ed25519PublicKey]:
    before = [public_key(text) for text in settings.CHECKPOINT_KEYS_BEFORE]
    return [private_key(settings.CHECKPOINT_KEY).public_key(), *before]


def _fits(key: Ed25519PublicKey, text: str, signature: str) -> bool:
    try:
        key.verify(base64.urlsafe_b64decode(signature + "=="), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
