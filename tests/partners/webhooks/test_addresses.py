"""Nothing inside a private network is reached through us."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.webhooks.addresses import Refused, may_connect, target

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "0.0.0.0",
    "0.1.2.3",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:93.184.215.14",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
PUBLIC = ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "100.128.0.1", "172.32.0.1"]


@pytest.mark.parametrize("written", PRIVATE)
def test_private_addresses_are_refused(written: str):
    assert not may_connect(ipaddress.ip_address(written))
    host = f"[{written}]" if ":" in written else written
    with pytest.raises(Refused, match="private"):
        target(f"https://{host}/")


@pytest.mark.parametrize("written", PUBLIC)
def test_public_addresses_are_taken(written: str):
    assert may_connect(ipaddress.ip_address(written))


@given(st.ip_addresses(v=4))
def test_what_reaches_an_ipv4_address_in_disguise_is_refused(address: ipaddress.IPv4Address):
    number = int(address)
    for high in (0xFFFF << 32, 0, 0x64FF9B << 96):
        assert not may_connect(ipaddress.IPv6Address(high + number))
    assert not may_connect(ipaddress.IPv6Address((0x2002 << 112) + (number << 80)))


@given(st.ip_addresses())
def test_only_global_unicast_is_taken(address: ipaddress.IPv4Address | ipaddress.IPv6Address):
    if may_connect(address):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_private


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example.com/", "not_https"),
        ("ftp://hooks.example.com/", "not_https"),
        ("//hooks.example.com/", "not_https"),
        ("hooks.example.com", "not_https"),
        ("", "not_https"),
        ("https://", "not_an_address"),
        ("https:///in", "not_an_address"),
        ("https://user:word@hooks.example.com/", "userinfo"),
        ("https://hooks.example.com@127.0.0.1/", "userinfo"),
        ("https://@hooks.example.com/", "userinfo"),
        ("https://hooks.example.com/#there", "fragment"),
        ("https://hooks.example.com:22/", "port"),
        ("https://hooks.example.com:80/", "port"),
        ("https://hooks.example.com:0/", "not_an_address"),
        ("https://hooks.example.com:99999/", "not_an_address"),
        ("https://hooks.example.com:٤٤٣/", "not_an_address"),
        ("https://hooks.example.com/a b", "not_an_address"),
        ("https://hooks.example.com/\r\nX-Evil: 1", "not_an_address"),
        ("https://hooks.example.com\\@127.0.0.1/", "not_an_address"),
        ("https://hooks..example.com/", "not_an_address"),
        ("https://[fe80::1%25eth0]/", "not_an_address"),
        ("https://[::1", "not_an_address"),
        ("https://hooks.example.com/日本", "not_an_address"),
        ("https://hooks.example.com/" + "a" * 500, "not_an_address"),
        ("https://localhost/", "private"),
        ("https://LOCALHOST./", "private"),
        ("https://１２７.0.0.1/", "private"),
    ],
)
def test_odd_addresses_are_refused_with_the_reason(url: str, code: str):
    with pytest.raises(Refused) as refused:
        target(url)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("https://hooks.example.com", "hooks.example.com", "/"),
        ("https://Hooks.Example.com:8443/in?a=1&b=2", "hooks.example.com:8443", "/in?a=1&b=2"),
        ("https://日本.example/in", "xn--wgv71a.example", "/in"),
        ("https://[2606:4700:4700::1111]/", "[2606:4700:4700::1111]", "/"),
    ],
)
def test_an_address_is_taken_apart(url: str, authority: str, path: str):
    found = target(url)
    assert (found.authority, found.path, found.is_tls) == (authority, path, True)


def test_this_machine_is_reached_in_development_alone_and_nothing_else_private():
    assert target("http://127.0.0.1:8080/in", loopback=True).port == 8080
    assert target("http://localhost:80/in", loopback=True).port == 80
    for url in ("http://hooks.example.com/", "http://10.0.0.1/", "https://10.0.0.1/"):
        with pytest.raises(Refused):
            target(url, loopback=True)


@given(st.text(max_size=60))
def test_no_text_breaks_the_check(text: str):
    for url in (text, f"https://{text}", f"https://hooks.example.com/{text}"):
        try:
            found = target(url)
        except Refused:
            continue
        assert found.is_tls
        assert found.host
