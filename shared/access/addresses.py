"""Where a request comes from: one function, so a forged header fools neither sign-in, nor networks, nor the log."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
_IPV6_SITE = 64  # one subscriber has at least this network, so his addresses are counted together


def client_address(request: HttpRequest) -> str:
    """The address of the browser, or '' when the server does not know it (a local socket).

    ``X-Forwarded-For`` counts only as far as it was written by ``TRUSTED_PROXIES``: from the right, the first address
    that is not a proxy of ours. What stands left of it was written by the client himself.
    """
    peer = _parsed(request.META.get("REMOTE_ADDR", ""))
    if peer is None:
        return ""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while _is_proxy(peer) and hops:
        before = _parsed(hops.pop())
        if before is None:
            break
        peer = before
    return str(peer)


def is_in(address: str, networks: Iterable[object]) -> bool:
    """Whether an address of ``client_address`` belongs to one of the networks."""
    known = _parsed(address)
    return known is not None and any(known in network for network in networks)  # type: ignore[operator]


def counted_as(address: str) -> str:
    """What a limit counts by: the address, of IPv6 the subscriber's network."""
    known = _parsed(address)
    if isinstance(known, IPv6Address):
        site = ip_network((known, _IPV6_SITE), strict=False)
        return str(site.network_address if isinstance(site, IPv6Network) else known)
    return address


def _is_proxy(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _parsed(text: str) -> Address | None:
    """Raises nothing: a malformed address is no address."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
