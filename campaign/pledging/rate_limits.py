"""The network of a visitor, from trusted headers, and limits on the requests of one network, address or mail domain."""

from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from campaign.pledging.addresses import LARGE, domain_of, keyed_hash

Address = IPv4Address | IPv6Address


def address_of(request: HttpRequest) -> Address | None:
    """The visitor's address: the nearest one in `X-Forwarded-For` that no trusted proxy of ours vouches for.

    Whatever stands further left was written by the visitor and does not count.
    """
    hops = [request.META.get("REMOTE_ADDR", "")]
    hops += reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(","))
    found = None
    for hop in hops:
        address = _read(hop)
        if address is None:
            break
        found = address
        if not any(address in ip_network(proxy) for proxy in settings.TRUSTED_PROXIES):
            break
    return found


def _read(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def network_of(address: Address) -> str:
    """The network that one household or office is likely to share: /24 (IPv4), /48 (IPv6)."""
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))


def network_key(address: Address | None) -> str:
    """A keyed hash of the visitor's network; empty where it is unknown."""
    return keyed_hash("campaign.network", network_of(address)) if address else ""


class RateLimited(Exception):
    """More than may come from one place within a window."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


WINDOW = timedelta(minutes=10)


def count_request(purpose: str, key: str) -> None:
    """Count one request of a window against what `PLEDGE_LIMITS` allows. Raises RateLimited when it is used up.

    Counted in the cache, under a keyed hash.
    """
    name = f"limit:{purpose}:{keyed_hash('campaign.limit', key)}"
    seconds = int(WINDOW.total_seconds())
    cache.add(name, 0, seconds)
    try:
        n = cache.incr(name)
    except ValueError:  # the window ended between the two lines
        cache.set(name, 1, seconds)
        n = 1
    if n > settings.PLEDGE_LIMITS[purpose]:
        raise RateLimited(WINDOW)


def check_limits(request: HttpRequest, email: str) -> None:
    """Count a request against its visitor, the visitor's network and the domain of the mailbox. Raises RateLimited."""
    address = address_of(request)
    if address:
        count_request("visitor", str(address))
        count_request("network", network_of(address))
    if domain_of(email) not in LARGE:
        count_request("domain", domain_of(email))
