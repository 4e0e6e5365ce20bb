"""Whatever stands where an address is wanted: it leads to a public host, or it is refused by its name."""

from __future__ import annotations

import contextlib
import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.config.file import safe_address
from aexdash.http.addresses import is_public, public_addresses
from aexdash.http.errors import InvalidAddress, PictureRefused, PictureUnreachable
from aexdash.http.wire import Wire
from tests.support import examples

OURS = ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
OURS += ("224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8")
NETWORKS = [ipaddress.ip_network(one) for one in OURS]
WAYS = (("::ffff:0:0", 0), ("64:ff9b::", 0), ("2002::", 80))
"""Addresses of IPv6 that carry one of IPv4: where they begin, and by how many bits that is moved."""

inside = st.sampled_from(NETWORKS).flatmap(
    lambda net: st.integers(int(net.network_address), int(net.broadcast_address)).map(
        lambda number: ipaddress.ip_address(number) if net.version == 4 else ipaddress.IPv6Address(number)
    )
)
pieces = [
    "http://",
    "https://",
    "//",
    "@",
    ":",
    "[",
    "]",
    "::1",
    "127.1",
    "0x7f.1",
    "localhost",
    "a.example",
    "/",
    "\\",
    "\t",
]
addresses = st.lists(st.sampled_from(pieces) | st.text(max_size=4), max_size=7).map("".join)


@settings(max_examples=examples(800))
@given(inside)
def test_no_address_of_a_network_of_our_own_is_public(address):
    assert not is_public(str(address))


@settings(max_examples=examples(800))
@given(inside.filter(lambda address: address.version == 4), st.sampled_from(WAYS))
def test_none_is_public_because_it_is_carried_in_another(address, way):
    begins, bits = way
    carried = ipaddress.IPv6Address(int(ipaddress.IPv6Address(begins)) | int(address) << bits)
    assert not is_public(str(carried))


@settings(max_examples=examples(800))
@given(st.lists(inside.map(str) | st.just("93.184.216.34") | st.text(max_size=8), max_size=3))
def test_a_host_is_asked_only_where_all_its_addresses_are_public(found):
    try:
        told = public_addresses("a.example", 443, lambda _host, _port: found)
    except (PictureRefused, PictureUnreachable):
        assert set(found) != {"93.184.216.34"}
    else:
        assert set(told) == {"93.184.216.34"}


@settings(max_examples=examples(1600))
@given(addresses)
def test_any_text_is_an_address_to_which_secrets_may_travel_or_refused(text):
    try:
        told = safe_address(text, "https://a.example")
    except ValueError:
        return
    assert told.startswith("https://") or "localhost" in told or "127" in told or "::1" in told


@settings(max_examples=examples(160), deadline=None)
@given(addresses)
def test_any_text_is_a_host_to_connect_to_or_named_as_no_address(text):
    with contextlib.suppress(InvalidAddress):
        Wire.in_process(text, lambda *_: (200, {}, b"")).close()


@pytest.mark.parametrize(
    "written", ["\0https://a.example", "https://a.exa\tmple", "https://a.example/\nb", "\x08http://127.0.0.1"]
)
def test_an_address_with_control_characters_is_none(written):
    """They are passed over where an address is taken apart, so what is left of it looks well."""
    with pytest.raises(ValueError, match="must be an address like"):
        safe_address(written, "https://a.example")
    assert safe_address(" https://a.example/ ", "https://a.example") == "https://a.example"
