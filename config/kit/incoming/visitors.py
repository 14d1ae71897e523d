"""Where a request comes from, by trusted headers, and how many may come from one place within a window."""

from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from config.kit import secret_links

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


class RateLimited(Exception):
    """More than may come from one place within a window."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


WINDOW = timedelta(minutes=10)


def count_one(name: str, seconds: int) -> int:
    """Count one more under a name of the cache, which begins anew after so many seconds; how many there are now."""
    cache.add(name, 0, seconds)
    try:
        return cache.incr(name)
    except ValueError:  # the window ended, or the cache has dropped it, between the two lines
        cache.set(name, 1, seconds)
        return 1


def count_request(purpose: str, key: str) -> None:
    """Count one request of a window against what `PLEDGE_LIMITS` allows. Raises RateLimited when it is used up.

    Counted in the cache, under a keyed hash.
    """
    name = f"limit:{purpose}:{secret_links.keyed_hash('campaign.limit', key, key=settings.ADDRESS_KEY)}"
    if count_one(name, int(WINDOW.total_seconds())) > settings.PLEDGE_LIMITS[purpose]:
        raise RateLimited(WINDOW)


def count_visit(request: HttpRequest) -> Address | None:
    """Count a request against its visitor and the visitor's network. Raises RateLimited. Returns the visitor's address."""
    address = address_of(request)
    if address:
        count_request("visitor", str(address))
        count_request("network", network_of(address))
    return address
