"""Which addresses may be connected to. Pure: an address and a port in, a reason to refuse out.

A fixed table instead of `ipaddress.is_global`, which calls NAT64, 6to4, IPv4-compatible, site-local and multicast
addresses and two cloud-internal services global. Asked about the address that is about to be connected to, never
about a name: a name may mean something else a moment later.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

WEB_PORTS = frozenset({80, 443})
_HIGHEST_PORT = 65535
_LOCAL_NAMES = frozenset({"localhost", "local", "internal"})  # RFC 6761, RFC 6762, ICANN 2024

# IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast (RFC 5771), and what clouds put on public addresses.
_DENIED_4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier"),  # RFC 6598; Alibaba's metadata service is 100.100.100.200
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's own service"),  # Azure's wire server, the same in all regions
        ("169.254.0.0/16", "link-local"),  # cloud metadata services live here
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),  # Oracle's metadata service is 192.0.0.192
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "reserved"),  # AS112, RFC 7535
        ("192.52.193.0/24", "reserved"),  # AMT, RFC 7450
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "reserved"),  # AS112, RFC 7534
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
# Only global unicast as allocated by IANA, less what in it leads somewhere else.
_GLOBAL_6 = IPv6Network("2000::/3")
_DENIED_6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("2001::/23", "special purpose"),  # Teredo, ORCHID, benchmarking …
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),  # embeds any IPv4 address
        ("3fff::/20", "documentation"),
    )
)

_ENTRY = re.compile(
    r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<bare>[0-9a-f:.]+))(?P<length>/[0-9]+):(?P<first>[0-9]+)(?:-(?P<last>[0-9]+))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A network that is let through on some ports."""

    network: IPNetwork
    ports: range

    def __str__(self) -> str:
        address = self.network.network_address
        host = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
        return f"{host}/{self.network.prefixlen}:{self.ports[0]}-{self.ports[-1]}"


@dataclass(frozen=True, slots=True)
class AllowNetworks:
    """What the operator lets through although the table would refuse it."""

    entries: tuple[Allowed, ...] = ()
    ours: frozenset[tuple[str, int]] = frozenset()  # where we and our services listen: never let through

    @classmethod
    def parse(cls, text: str) -> AllowNetworks:
        """Read `127.0.0.1/32:8001-8010,10.0.0.0/8:80,[::1]/128:8001`.

        Raises ValueError, with a message for the operator, for anything else.
        """
        return cls(tuple(_entry(part.strip()) for part in text.split(",") if part.strip()))

    def covers(self, ip: IPAddress, port: int) -> bool:
        """Tell whether an address and port are let through."""
        covered = any(port in e.ports and ip.version == e.network.version and ip in e.network for e in self.entries)
        return covered and not any(port == p and _may_be(host, ip) for host, p in self.ours)


NOTHING = AllowNetworks()


def refusal(ip: str, port: int, allow: AllowNetworks = NOTHING) -> str | None:
    """Why not to connect to an address and port, in words; None when it is fine."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return f"{ip} is not an IP address"
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return f"{ip} names a network interface"
        address = address.ipv4_mapped or address
    if allow.covers(address, port):
        return None
    if port not in WEB_PORTS:
        return f"port {port} is not one of the web"
    kind = _special(address)
    return None if kind is None else f"{ip} is not on the public internet ({kind})"


def refusal_unresolved(host: str, port: int, allow: AllowNetworks = NOTHING) -> str | None:
    """Why not to ask for a host whose address is not looked up here, as far as its name tells; None when it is fine."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if host.rpartition(".")[2] in _LOCAL_NAMES:
            return f"{host} is a name of no public network"
        known = port in WEB_PORTS or any(port in entry.ports for entry in allow.entries)
        return None if known else f"port {port} is not one of the web"
    return refusal(host, port, allow)


def _special(address: IPAddress) -> str | None:
    """What an address is instead of public; None for a public one."""
    if isinstance(address, IPv4Address):
        return next((what for network, what in _DENIED_4 if address in network), None)
    if address not in _GLOBAL_6:
        return "not global unicast"
    return next((what for network, what in _DENIED_6 if address in network), None)


def _may_be(host: str, ip: IPAddress) -> bool:
    """Tell whether a service at `host` may be the one behind an address; of a name nothing else is known here."""
    try:
        known = ipaddress.ip_address(host)
    except ValueError:
        return True
    return known.is_unspecified or known == ip or (known.is_loopback and ip.is_loopback)


def _entry(text: str) -> Allowed:
    """One entry of the setting."""
    match = _ENTRY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a network with ports, such as 127.0.0.1/32:8001-8010 or [::1]/128:8001")
    try:
        network = ipaddress.ip_network((match["v6"] or match["bare"]) + match["length"])
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}") from error
    first, last = int(match["first"]), int(match["last"] or match["first"])
    if not 1 <= first <= last <= _HIGHEST_PORT:
        raise ValueError(f"{text!r}: ports must be between 1 and {_HIGHEST_PORT}, the lower one first")
    return Allowed(network, range(first, last + 1))
