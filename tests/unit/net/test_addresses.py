"""Which addresses may be connected to."""

import ipaddress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.net.addresses import AllowNetworks, refusal, refusal_unresolved

REFUSED = [
    # IPv4 special purpose, both edges of each block
    "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.100.100.200", "100.127.255.255",
    "127.0.0.0", "127.0.0.1", "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255", "172.16.0.0",
    "172.31.255.255", "192.0.0.0", "192.0.0.192", "192.0.0.255", "192.0.2.1", "192.88.99.1", "192.168.0.0",
    "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.7", "168.63.129.16", "192.31.196.1",
    "192.52.193.1", "192.175.48.1", "224.0.0.1", "239.255.255.255", "240.0.0.0", "255.255.255.255",
    # IPv6 outside of global unicast
    "::", "::1", "::127.0.0.1", "::8.8.8.8", "64:ff9b::a9fe:a9fe", "64:ff9b::808:808", "64:ff9b:1::1", "100::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1", "4000::1", "1fff::1", "5f00::1",
    # IPv6 inside of it that leads elsewhere
    "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:1ff:ffff::1", "2001:db8::1",
    "2001:db8:ffff::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "3fff:fff:ffff::1",
    # mapped, in both spellings
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::ffff:10.0.0.1",
    # zone identifiers, whatever is behind them
    "fe80::1%eth0", "2606:4700::1111%1", "::1%lo",
    # no addresses
    "", "localhost", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "1.1.1.1 ", "[::1]",
]  # fmt: skip

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.254", "100.128.0.1", "126.255.255.255",
    "128.0.0.1", "169.253.255.255", "169.255.0.1", "172.15.255.255", "172.32.0.1", "192.0.1.1", "192.167.255.255",
    "192.169.0.1", "198.17.255.255", "198.20.0.1", "203.0.112.1", "203.0.114.1", "223.255.255.255", "168.63.129.17",
    "2606:4700:4700::1111", "2001:4860:4860::8888", "2001:200::1", "2003::1", "2a00:1450::1", "3ffe::1", "2001:db7::1",
    "::ffff:8.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize("ip", REFUSED)
@pytest.mark.parametrize("port", [80, 443])
def test_refused(ip, port):
    assert refusal(ip, port)


@pytest.mark.parametrize("ip", PUBLIC)
@pytest.mark.parametrize("port", [80, 443])
def test_public(ip, port):
    assert refusal(ip, port) is None


@pytest.mark.parametrize("port", [-1, 0, 22, 25, 79, 81, 444, 5432, 6379, 8080, 65536, 99999])
def test_only_ports_of_the_web(port):
    assert refusal("1.1.1.1", port) == f"port {port} is not one of the web"


def test_the_reason_is_in_words():
    assert refusal("169.254.169.254", 80) == "169.254.169.254 is not on the public internet (link-local)"


@pytest.mark.parametrize(
    ("allow", "ip", "port", "passes"),
    [
        ("127.0.0.1/32:8001-8010", "127.0.0.1", 8001, True),
        ("127.0.0.1/32:8001-8010", "127.0.0.1", 8010, True),
        ("127.0.0.1/32:8001-8010", "127.0.0.1", 8011, False),
        ("127.0.0.1/32:8001-8010", "127.0.0.1", 80, False),
        ("127.0.0.1/32:8001-8010", "127.0.0.2", 8001, False),
        ("127.0.0.1/32:8001-8010", "::ffff:127.0.0.1", 8001, True),
        ("127.0.0.1/32:8001-8010", "::1", 8001, False),
        ("127.0.0.1/32:8001-8010", "::1%lo", 8001, False),
        ("127.0.0.1/32:8001-8010", "1.1.1.1", 443, True),
        ("127.0.0.1/32:8001,10.0.0.0/8:80", "10.1.2.3", 80, True),
        (" 127.0.0.1/32:8001 , 10.0.0.0/8:80 ,", "10.1.2.3", 80, True),
        ("10.0.0.0/8:80", "10.1.2.3", 443, False),
        ("[::1]/128:8001", "::1", 8001, True),
        ("::1/128:8001", "::1", 8001, True),
        ("[fd00::]/8:443", "fd12::1", 443, True),
        ("[fd00::]/8:443", "127.0.0.1", 443, False),
        ("1.1.1.0/24:8080", "1.1.1.1", 8080, True),
        ("", "127.0.0.1", 80, False),
    ],
)
def test_what_the_operator_lets_through(allow, ip, port, passes):
    assert (refusal(ip, port, AllowNetworks.parse(allow)) is None) == passes


@pytest.mark.parametrize(
    "text",
    ["localhost:80", "127.0.0.1", "127.0.0.1/32", "127.0.0.1:80", "127.0.0.1/33:80", "10.0.0.1/8:80", "10.0.0.0/8:0",
     "10.0.0.0/8:80-79", "10.0.0.0/8:65536", "10.0.0.0/8:http", "10.0.0.0/8:80:81", "10.0.0.0/255.0.0.0:80", "*:80",
     "fe80::1%eth0/64:80", "10.0.0.0/8:80;127.0.0.1/32:80"],
)  # fmt: skip
def test_what_is_not_a_network_with_ports_is_named(text):
    with pytest.raises(ValueError) as caught:
        AllowNetworks.parse(text)
    assert repr(text) in str(caught.value)


def test_a_list_reads_the_same_after_it_was_shown():
    allow = AllowNetworks.parse("127.0.0.1/32:8001-8010,[::1]/128:8001")
    assert AllowNetworks.parse(",".join(map(str, allow.entries))) == allow


@settings(deadline=None)  # a busy machine is no failure
@given(st.ip_addresses())
def test_never_more_permissive_than_the_standard_library(ip):
    if refusal(str(ip), 443) is None:
        assert (getattr(ip, "ipv4_mapped", None) or ip).is_global


@settings(deadline=None)
@given(st.ip_addresses(v=4), st.sampled_from([80, 443, 8001]))
def test_a_mapped_address_is_treated_as_the_address_it_stands_for(ip, port):
    mapped = ipaddress.IPv6Address(f"::ffff:{ip}")
    assert (refusal(str(mapped), port) is None) == (refusal(str(ip), port) is None)


@pytest.mark.parametrize(
    ("ours", "ip", "port", "through"),
    [
        (("127.0.0.1", 8190), "127.0.0.1", 8190, False),
        (("127.0.0.1", 8190), "127.0.0.1", 8001, True),
        (("127.0.0.1", 6379), "::ffff:127.0.0.1", 6379, False),
        (("127.0.0.1", 6379), "127.8.8.8", 6379, False),  # whatever listens on all of loopback
        (("::1", 5432), "127.0.0.1", 5432, False),
        (("0.0.0.0", 8190), "10.1.2.3", 8190, False),
        (("::", 8190), "10.1.2.3", 8190, False),
        (("10.0.0.7", 5432), "10.0.0.7", 5432, False),
        (("10.0.0.7", 5432), "10.0.0.8", 5432, True),
        (("db", 5432), "10.0.0.8", 5432, False),  # a name may mean any of them
        (("db", 5432), "10.0.0.8", 5433, True),
    ],
)
def test_our_own_services_are_refused_even_where_their_network_is_let_through(ours, ip, port, through):
    """S20."""
    allow = AllowNetworks.parse("10.0.0.0/8:1-65535,127.0.0.0/8:1-65535,[::1]/128:1-65535")
    assert refusal(ip, port, allow) is None
    assert (refusal(ip, port, replace(allow, ours=frozenset({ours}))) is None) == through


@pytest.mark.parametrize(
    ("host", "port", "through"),
    [
        ("news.example", 443, True),
        ("news.example", 8001, False),
        ("news.example", 8080, True),  # let through for some network
        ("localhost", 80, False),
        ("metadata.google.internal", 80, False),
        ("printer.local", 80, False),
        ("169.254.169.254", 80, False),
        ("::1", 80, False),
        ("1.1.1.1", 443, True),
        ("10.0.0.1", 8080, True),
    ],
)
def test_what_a_name_alone_tells(host, port, through):
    allow = AllowNetworks.parse("10.0.0.0/8:8080")
    assert (refusal_unresolved(host, port, allow) is None) == through
