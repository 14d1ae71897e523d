"""E-mail addresses as people type them, in the one form in which they are kept and mailed. Plain functions.

A domain is kept as the DNS has it, by IDNA 2008 (RFC 5891) with the mapping of UTS 46, non-transitional: `straße.example` and
`strasse.example` are two domains. Python's own codec takes them for one.
"""

import re
from ipaddress import ip_address

import idna
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from config.kit.incoming.texts import clean_line, without_marks

LONGEST_LOCAL_PART, LONGEST = 64, 254
"""Octets (RFC 5321, section 4.5.3.1, and its erratum 1690)."""
_NOT_PUBLIC = "alt arpa corp home internal intranet invalid lan local localdomain localhost onion private"
NOT_PUBLIC = frozenset(_NOT_PUBLIC.split())
"""Last labels under which no public mailbox exists (RFC 6761, RFC 6762, RFC 7686, RFC 9476, and customary private names)."""
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PLAIN_LOCAL_PART = re.compile(r"[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+)*")
_is_address = EmailValidator(allowlist=[])


def ascii_domain(domain: str) -> str:
    """A domain in lower-case ASCII, as the DNS has it. A domain that IDNA cannot say stays as it is."""
    bare = domain.strip().rstrip(".")
    try:
        return idna.encode(bare, uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return bare.casefold()


def plain_local_part(local: str) -> str:
    """The local part without quotation marks that it does not need: `"ana"@example.org` is ana@example.org."""
    quoted = _QUOTED.fullmatch(local)
    if quoted is None:
        return local
    bare = re.sub(r"\\(.)", r"\1", quoted.group(1))
    return bare if _PLAIN_LOCAL_PART.fullmatch(bare) else local


def clean_address(text: str) -> str:
    """The address as it is kept and mailed. Raises ValidationError for what no public mailbox can be called."""
    local, at, domain = clean_line(text).rpartition("@")
    # A joiner inside a domain is judged by IDNA, which allows it in few places; elsewhere a mark without width is a slip.
    local = plain_local_part(without_marks(local))
    address = f"{local}@{_checked_domain(domain)}" if at else text
    if not at or len(local.encode()) > LONGEST_LOCAL_PART or len(address.encode()) > LONGEST:
        raise _no_address()
    _is_address(address)
    return address


def _checked_domain(domain: str) -> str:
    try:
        ascii_form = idna.encode(domain.strip().rstrip("."), uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise _no_address() from error
    last = ascii_form.rpartition(".")[2]
    if "." not in ascii_form or last in NOT_PUBLIC or last.isdigit() or _is_ip_address(domain):
        raise _no_address()
    return ascii_form


def _is_ip_address(domain: str) -> bool:
    try:
        ip_address(domain.strip("[]").removeprefix("IPv6:"))
    except ValueError:
        return False
    return True


def _no_address() -> ValidationError:
    return ValidationError(_("Give an e-mail address like name@example.org."), code="invalid")
