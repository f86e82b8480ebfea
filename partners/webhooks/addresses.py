"""Which addresses webhooks may be sent to: nothing inside our own network may be reached through us.

A URL is looked at when it is entered, and each time that something is sent: then its name is resolved, every address
that it leads to is checked, and the connection goes to a checked one.
"""

import dataclasses
import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LENGTH = 500

# Ways to write an IPv4 address as one of IPv6: who routes them decides where they lead, so none is taken.
_DISGUISED = [
    ipaddress.ip_network(network)
    for network in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")
]
_DISGUISED += [ipaddress.ip_network("2001::/32"), ipaddress.ip_network("fec0::/10")]
_NEVER = re.compile(r"[\x00-\x20\x7f-\x9f\\]")


class Refused(Exception):
    """Nothing is sent there. `code` says why, for `explain()`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclasses.dataclass(frozen=True)
class Target:
    """A URL taken apart: what is connected to, and what is asked for."""

    host: str
    port: int
    path: str
    is_tls: bool

    @property
    def authority(self) -> str:
        """Host and, where it isn't the usual one, port, as the header `Host` names them."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.is_tls else 80) else f"{name}:{self.port}"


def target(url: str, *, loopback: bool = False) -> Target:
    """Take a URL apart. Raises Refused for one that nothing is sent to, whatever its name resolves to.

    `loopback` allows this machine itself, without TLS, for development and tests.
    """
    if len(url) > LENGTH or _NEVER.search(url):
        raise Refused("not_an_address")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("not_an_address") from None
    found = _target(parts, host, port)
    literal = _literal(found.host)
    if literal is not None and not may_connect(literal, loopback=loopback):
        raise Refused("private")
    is_here = found.host == "localhost" or (literal is not None and literal.is_loopback)
    if found.host == "localhost" and not loopback:
        raise Refused("private")
    if not found.is_tls and not (loopback and is_here):
        raise Refused("not_https")
    if not (found.port == 443 or found.port >= 1024 or (loopback and is_here)):
        raise Refused("port")
    return found


def _target(parts: SplitResult, host: str, port: int | None) -> Target:
    if parts.scheme not in {"https", "http"}:
        raise Refused("not_https")
    if parts.username is not None or parts.password is not None:
        raise Refused("userinfo")
    if parts.fragment:
        raise Refused("fragment")
    is_tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        path.encode("ascii")
        name = host if ":" in host else host.encode("idna").decode().rstrip(".")
    except UnicodeError:
        raise Refused("not_an_address") from None
    if not name or "%" in name or port == 0:
        raise Refused("not_an_address")
    return Target(name, port or (443 if is_tls else 80), path, is_tls)


def _literal(host: str) -> Address | None:
    """Return the address that is written out; None for a name.

    What looks like a number in another way (0x7f.1, 2130706433) is left to the resolver: its answer is checked.
    """
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def may_connect(address: Address, *, loopback: bool = False) -> bool:
    """Say whether webhooks may be sent to this address: a public one of a single machine."""
    if loopback and address.is_loopback:
        return True
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(
        address in network for network in _DISGUISED if network.version == address.version
    )
