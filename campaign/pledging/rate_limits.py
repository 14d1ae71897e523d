"""The network of whoever pledges, and limits on what comes from one network, address or mail domain."""

from django.http import HttpRequest

from campaign.pledging.addresses import LARGE, domain_of, keyed_hash
from config.kit.incoming.visitors import Address, count_request, count_visit, network_of


def network_key(address: Address | None) -> str:
    """A keyed hash of the visitor's network; empty where it is unknown."""
    return keyed_hash("campaign.network", network_of(address)) if address else ""


def check_limits(request: HttpRequest, email: str) -> None:
    """Count a request against its visitor, the visitor's network and the domain of the mailbox. Raises RateLimited."""
    count_visit(request)
    if domain_of(email) not in LARGE:
        count_request("domain", domain_of(email))
