"""E-mail addresses: which spellings are the same mailbox, and the hash by which a mailbox is known.

Sources: RFC 5321 section 2.3.11 (only the host says what a local part means), the providers' own help pages on dots and tags.
"""

import unicodedata
from dataclasses import dataclass

from django.conf import settings

from config.kit import secret_links
from config.kit.incoming.addresses import ascii_domain, plain_local_part


@dataclass(frozen=True)
class Provider:
    """How a large provider reads local parts. `ignores` are characters without meaning, `tag` starts what is ignored."""

    domain: str
    ignores: str = ""
    tag: str = "+"


_GMAIL = Provider("gmail.com", ignores=".")
_PROTON = Provider("proton.me", ignores=".-_")
_ICLOUD = Provider("icloud.com")
# Mailboxes of their own under each domain; only the tag is ignored.
_TAGS_ONLY = """
    outlook.com outlook.fr outlook.es hotmail.com hotmail.co.uk hotmail.fr hotmail.es live.com msn.com
    fastmail.com fastmail.fm zoho.com yandex.com yandex.ru ya.ru mail.ru
"""
_OTHERS = """
    yahoo.com yahoo.fr yahoo.co.uk yahoo.es aol.com gmx.de gmx.net web.de t-online.de orange.fr free.fr laposte.net
    qq.com 163.com 126.com sina.com naver.com rediffmail.com
"""
PROVIDERS = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), _GMAIL),
    **dict.fromkeys(("proton.me", "protonmail.com", "pm.me"), _PROTON),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), _ICLOUD),
    **{domain: Provider(domain) for domain in _TAGS_ONLY.split()},
}
# Providers so large that a burst under their domain means nothing.
LARGE = frozenset({*PROVIDERS, *_OTHERS.split()})


def domain_of(address: str) -> str:
    """The domain in lower-case ASCII, as the DNS has it (IDNA). A domain that IDNA cannot say stays as it is."""
    return ascii_domain(address.rpartition("@")[2])


def normal_form(address: str) -> str:
    """One spelling for all spellings of a mailbox: lower case, unquoted, and without what its provider ignores."""
    local = plain_local_part(unicodedata.normalize("NFKC", address.strip().rpartition("@")[0])).casefold()
    domain = domain_of(address)
    provider = PROVIDERS.get(domain)
    if provider:
        bare = local.split(provider.tag, 1)[0].translate({ord(c): None for c in provider.ignores})
        # A local part of nothing but tags and dots is no real mailbox: it stays as written.
        return f"{bare or local}@{provider.domain}"
    return f"{local}@{domain}"


def address_hash(address: str) -> str:
    """A keyed hash of the mailbox, by which two addresses are known as one person's without keeping the address."""
    return keyed_hash("campaign.person", normal_form(address))


def keyed_hash(purpose: str, text: str) -> str:
    """A hash under the key that is kept for addresses (`ADDRESS_KEY`)."""
    return secret_links.keyed_hash(purpose, text, key=settings.ADDRESS_KEY)
