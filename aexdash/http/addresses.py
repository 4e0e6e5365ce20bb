"""Which hosts a picture may be fetched from: those whose IP addresses are all on the public internet."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address

from aexdash.http.errors import PictureRefused, PictureUnreachable

Resolve = Callable[[str, int], list[str]]
"""Host and port to IP addresses; raises OSError where there are none."""

NAT64 = ipaddress.ip_network("64:ff9b::/96")


def resolve_host(host: str, port: int) -> list[str]:
    """Look a host up as a connection would; also reads `2130706433` and `0x7f.1`, which are addresses in disguise.

    Raises:
        OSError: the name has no address.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def public_addresses(host: str, port: int, resolve: Resolve) -> list[str]:
    """Return a host's addresses, all of them public.

    Raises:
        PictureRefused: one of them is loopback, private, link-local, reserved or multicast.
        PictureUnreachable: there are none.
    """
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise PictureUnreachable(f"There is no host named {host}.") from error
    if not found:
        raise PictureUnreachable(f"There is no host named {host}.")
    if not all(is_public(address) for address in found):
        raise PictureRefused(f"{host} is not on the public internet.")
    return found


def is_public(address: str) -> bool:
    """Tell whether an IP address, and the IPv4 address an IPv6 one may carry inside, is on the public internet."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in _with_carried(read))


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _with_carried(read: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """Mapped addresses count as what they carry; tunnelled ones must be public outside and inside."""
    if isinstance(read, IPv4Address):
        return [read]
    if read.ipv4_mapped:
        return [read.ipv4_mapped]
    if read in NAT64:
        return [IPv4Address(int(read) & 0xFFFFFFFF)]
    carried = [read.sixtofour, *(read.teredo or ())]
    return [read, *(address for address in carried if address)]
