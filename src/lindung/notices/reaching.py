"""Where a request of ours may go: to public addresses only, unless an address inside the own network is meant."""

import ipaddress
import socket


class AddressInside(Exception):
    """The name leads into the own network, which was not said to be meant."""


def reached_at(host: str, port: int, *, private: bool) -> str:
    """The one address to connect to, looked up once: who answers to the name a moment later is not asked again.

    Raises AddressInside when any address of the name is not a public one and `private` was not said; OSError when the
    name is unknown.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(each[4][0]).split("%")[0]) for each in found]
    if not private and not all(_is_public(address) for address in addresses):
        raise AddressInside(host)
    return str(addresses[0])


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    inner = mapped or address
    return bool(inner.is_global and not inner.is_multicast)
