"""One POST to a place that somebody else chose: to a checked address only, and bound in time and size.

The name is resolved here, each address that it leads to is checked, and the connection goes to one of these and not
to what the name would lead to a moment later. TLS is checked against the name all the same. Redirects aren't
followed, proxies not asked.
"""

import dataclasses
import functools
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from partners.webhooks import addresses
from partners.webhooks.addresses import Address, Refused, Target

Resolver = Callable[[str, int], Sequence[Address]]

CONNECT_SECONDS = 5.0
_READ_BYTES = 4096
_EXCERPT = 500
_ADDRESSES = 3
"""So many of a name's addresses are tried."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came of it: a status, or an error. `error` is empty for a success (2xx) alone."""

    took_ms: int
    status: int | None = None
    error: str = ""
    detail: str = ""
    excerpt: str = ""
    retry_after: float | None = None

    @property
    def is_good(self) -> bool:
        """Whether the receiver has it."""
        return not self.error


@dataclasses.dataclass(frozen=True)
class How:
    """The bounds of a POST. `loopback` lets it go to this machine; `tls` and `resolve` are replaced in tests."""

    seconds: float
    loopback: bool = False
    tls: ssl.SSLContext | None = None
    resolve: Resolver | None = None


def resolve(host: str, port: int) -> Sequence[Address]:
    """Return the addresses that a name leads to. Raises OSError where there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]


def checked(target: Target, how: How) -> Sequence[Address]:
    """Return the addresses to connect to. Raises Refused if any that the name leads to may not be connected to."""
    try:
        found = list(dict.fromkeys((how.resolve or resolve)(target.host, target.port)))
    except (OSError, UnicodeError, ValueError):
        raise Refused("unresolved") from None
    if not found:
        raise Refused("unresolved")
    if not all(addresses.may_connect(each, loopback=how.loopback) for each in found):
        raise Refused("private")
    return found[:_ADDRESSES]


def post(url: str, *, body: bytes, headers: Mapping[str, str], how: How) -> Answer:
    """Send a body and return what came of it. Never raises for what a receiver, a name or a line does."""
    began = time.monotonic()
    exchange = None
    try:
        target = addresses.target(url, loopback=how.loopback)
        exchange = _Exchange(target, checked(target, how), how, began + how.seconds)
        return exchange.run(body, headers)
    except Refused as refused:
        return Answer(_since(began), error=refused.code)
    except (OSError, http.client.HTTPException, ValueError) as error:
        code = "timeout" if exchange is not None and exchange.is_over else _code(error)
        return Answer(_since(began), error=code, detail=f"{type(error).__name__}: {error}"[:300])
    finally:
        if exchange is not None:
            exchange.close()


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _code(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "unreachable" if isinstance(error, ConnectionRefusedError) else "broken"


@functools.cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Exchange(http.client.HTTPConnection):
    """A connection to checked addresses that is cut when its time is over, wherever it is then.

    A time-out on the socket bounds each step alone: who sends a byte now and then would hold us for ever.
    """

    def __init__(self, target: Target, found: Sequence[Address], how: How, until: float) -> None:
        super().__init__(target.host, target.port)
        self._target, self._addresses, self._how, self._until = target, found, how, until
        self._began = until - how.seconds
        self._cut = threading.Timer(max(until - time.monotonic(), 0), self._shut)
        self._cut.daemon = True
        self.is_over = False

    def run(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Connect, send, and read as much of the answer as is kept."""
        self._cut.start()
        self.request("POST", self._target.path, body, {**headers, "Host": self._target.authority})
        response = self.getresponse()
        if self.is_over:  # a line that is cut looks like the end of the headers
            raise TimeoutError("The time was over before the answer was whole")
        took = _since(self._began)
        try:
            data = response.read(_READ_BYTES)
        except (OSError, http.client.HTTPException):
            data = b""  # the status is the answer
        text = data.decode("utf-8", "replace").replace("\0", "\ufffd")[:_EXCERPT]
        wished = _seconds(response.headers.get("Retry-After", ""))
        return Answer(took, response.status, _meaning(response.status), "", text, wished)

    def connect(self) -> None:
        """Connect to the first checked address that takes us."""
        for last, address in enumerate(self._addresses, 1 - len(self._addresses)):
            left = self._until - time.monotonic()
            try:
                raw = socket.create_connection(
                    (str(address), self._target.port), max(min(left, CONNECT_SECONDS), 0.01)
                )
            except OSError:
                if last == 0:
                    raise
            else:
                break
        raw.settimeout(self._how.seconds)
        self._hold(raw)
        if self._target.is_tls:
            context = self._how.tls or _trust()
            wrapped = context.wrap_socket(
                raw, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self._hold(wrapped)
            wrapped.do_handshake()

    def close(self) -> None:
        """End it."""
        self._cut.cancel()
        super().close()

    def _hold(self, line: socket.socket) -> None:
        """Keep the line where it can be cut. Raises TimeoutError where that was to be done a moment ago."""
        self.sock = line
        if self.is_over:
            raise TimeoutError("The time was over")

    def _shut(self) -> None:
        self.is_over = True
        line = self.sock
        if line is not None:
            try:
                socket.socket.shutdown(line, socket.SHUT_RDWR)  # not TLS's own: it would be polite
            except OSError:
                return


def _meaning(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return "redirect"
    return "gone" if status == http.HTTPStatus.GONE else "status"


def _seconds(value: str) -> float | None:
    return float(value) if value.isascii() and value.isdigit() and len(value) < 8 else None
