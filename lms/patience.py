"""gunicorn's threads, spared from slow senders: `--worker-class=lms.patience.PatientWorker`.

gunicorn's own worker gives a thread to each connection at its first byte, and to one that sends nothing for five
seconds: a dozen phones on a bad line, or one malicious program, hold up everybody. Here a request is gathered by the
main loop, which holds thousands, and gets a thread only once it is there: its head, and its body where that is small.
What is large (uploads) is read by threads as it comes, by half of them at most. Whose request gets a thread next is
decided by `lms.turns`, so that the people of one organisation don't wait behind another's. Over TLS of our own
(`./run --lan`) it is gunicorn's way as before.

After an answer gunicorn waits up to two seconds, and everybody with it, for a peer that doesn't hang up; and when it
stops, it drops whom the kernel has let in but nobody has greeted. Here neither: docs/decisions/051-web-server.md.
"""

import json
import random
import re
import select
import selectors
import socket
import time
from contextlib import suppress
from functools import partial
from typing import Any, Self

from gunicorn.workers.gthread import TConn, ThreadWorker

from core import callers
from lms.turns import Turns

HEAD_WITHIN = 10.0
"""Seconds in which a request's head must be there; the body has these, and a second for each of SLOWEST bytes."""

SLOWEST = 4096
SILENCE = 30.0
"""Seconds after which a sender or reader that doesn't move is taken to be gone."""

SMALL = 320 * 1024
"""Bodies up to this size are gathered: everything but files."""

MOST_HEAD = 64 * 1024
_BLOCK = 64 * 1024
_REFUSAL = b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: %d\r\nCache-Control: no-store\r\n"
    b"Content-Type: %s; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s"
)
_BUSY_WORDS = """\
ただいま混み合っています。少し待ってからもう一度お試しください。
Busy just now. Please try again in a moment."""
_BUSY_PROBLEM = json.dumps(
    {
        "type": "urn:tomoni:problem:try_again",
        "title": _BUSY_WORDS,
        "status": 503,
        "detail": _BUSY_WORDS,
        "code": "try_again",
        "message": _BUSY_WORDS,
        "field": "",
        "errors": [],
        "request_id": "",
    }
)
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_LATER = re.compile(rb"\r\n(expect|transfer-encoding):", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)


def wanted(gathered: bytes | bytearray) -> int | None:
    """Return how many bytes this request has, head and body; None while that can't be told.

    A body that nobody announced, or that comes in chunks, counts as none: then whoever reads the request waits for it.
    """
    end = gathered.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = gathered[: end + 2]
    length = _LENGTH.search(head)
    size = int(length[1]) if length and not _CHUNKED.search(head) else 0
    return end + 4 + size


def busy(gathered: bytes | bytearray) -> bytes:
    """Return the answer to a request whose turn doesn't come, made without a thread: when to try again."""
    is_for_program = gathered[: gathered.find(b"\r\n")].partition(b" ")[2].startswith(b"/api/")
    kind, words = (
        (b"application/problem+json", _BUSY_PROBLEM)
        if is_for_program
        else (b"text/plain", _BUSY_WORDS)
    )
    body = words.encode()
    return _BUSY % (random.randint(1, 4), kind, len(body), body)  # noqa: S311 - spreads load


class PatientSocket(socket.socket):
    """A socket on which nobody waits for ever: what blocks, blocks for so long and no longer."""

    @classmethod
    def of(cls, accepted: socket.socket) -> Self:
        """Take over a connection."""
        return cls(fileno=accepted.detach())

    def setblocking(self, flag: bool) -> None:
        """Block, within bounds, or don't."""
        self.settimeout(SILENCE if flag else 0.0)


class Connection(TConn):
    """A connection with what has come of its next request."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.gathered = bytearray()
        self.since = 0.0
        self.is_gathered = False
        self.is_awaited = False
        self.is_large = False
        self.organisation: str | None = None
        """Whose share of the threads it holds; None while it holds none."""

    @property
    def is_late(self) -> bool:
        """Whether its sender has taken too long."""
        return time.monotonic() > self.since + HEAD_WITHIN + len(self.gathered) / SLOWEST

    def close(self, graceful: bool = False) -> None:
        """Hang up; after an answer, so that none of it is cut off by what its peer still said."""
        if graceful:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_WR)
                self.sock.setblocking(False)
                while self.sock.recv(_BLOCK):
                    pass
        super().close()


class PatientWorker(ThreadWorker):
    """Gives threads to requests that are there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._gathering: set[Connection] = set()
        self._turns: Turns[Connection] = Turns(self.cfg.threads)

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and gather its first request."""
        if self.cfg.is_ssl:
            super().accept(listener)
            return
        try:
            accepted, address = listener.accept()
        except OSError:  # somebody else took it, or its sender is gone
            return
        self.nr_conns += 1
        self.enqueue_req(
            Connection(self.cfg, PatientSocket.of(accepted), address, listener.getsockname())
        )

    def set_accept_enabled(self, enabled: bool) -> None:
        """Open or shut the door; before it is shut for good, everybody who stands there comes in."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            door = select.poll()
            door.register(listener, select.POLLIN)
            for _ in range(self.cfg.backlog):
                if not door.poll(0):
                    break
                self.accept(listener)
            listener.close()

    def enqueue_req(self, conn: Any) -> None:
        """Give a request to a thread if it is there, else gather it."""
        if not isinstance(conn, Connection) or conn.is_gathered:
            super().enqueue_req(conn)
            return
        conn.since = time.monotonic()
        conn.gathered = bytearray(conn.parser.unreader.take_buffered() if conn.parser else b"")
        conn.sock.setblocking(False)
        self._gathering.add(conn)
        self._gather(conn, conn.sock)
        if (
            conn in self._gathering
        ):  # mostly it is there already, and nobody has to wait for the rest
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._gather, conn))
            conn.is_awaited = True

    def _gather(self, conn: Connection, _sock: Any) -> None:
        try:
            block = conn.sock.recv(_BLOCK)
        except BlockingIOError:
            block = None
        except OSError:
            block = b""
        if block == b"":
            self._let_go(conn)
            return
        conn.gathered += block or b""
        whole = wanted(conn.gathered)
        if whole is None:
            if len(conn.gathered) > MOST_HEAD:
                self._let_go(conn, _REFUSAL % b"431 Request Header Fields Too Large")
            return
        # Who waits for a word before the body comes, or doesn't tell its length, is read by a thread.
        missing = whole - len(conn.gathered)
        conn.is_large = missing > SMALL or bool(_LATER.search(conn.gathered[:whole]))
        if conn.is_large or missing <= 0:
            self._hand_over(conn)

    def _hand_over(self, conn: Connection) -> None:
        self._forget(conn)
        organisation = callers.whose(conn.gathered)
        if self._turns.wait(organisation, conn, large=conn.is_large):
            conn.organisation = organisation
            self._begin()
        else:
            self._let_go(conn, busy(conn.gathered))

    def _begin(self) -> None:
        for conn in self._turns.begin():
            conn.is_gathered = True
            super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """Answer a request; runs in a thread."""
        if isinstance(conn, Connection) and conn.is_gathered:
            conn.is_gathered = False
            conn.init()
            conn.parser.unreader.unread(bytes(conn.gathered))
            conn.gathered.clear()
        return super().handle(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Go on with the connection, and with whose turn it is."""
        if getattr(conn, "organisation", None) is not None:
            self._turns.end(conn.organisation, large=conn.is_large)
            conn.organisation, conn.is_large = None, False
        super().finish_request(conn, fs)
        self._begin()

    def murder_pending(self) -> None:
        """Give up those who take too long, and who have waited too long; when we stop, also who has not begun."""
        super().murder_pending()
        for conn in [c for c in self._gathering if c.is_late or not (self.alive or c.gathered)]:
            self._let_go(conn, _REFUSAL % b"408 Request Timeout" if conn.gathered else b"")
        for conn in self._turns.give_up():
            self._let_go(conn, busy(conn.gathered))

    def _forget(self, conn: Connection) -> None:
        self._gathering.discard(conn)
        if not conn.is_awaited:
            return
        conn.is_awaited = False
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)

    def _let_go(self, conn: Connection, words: bytes = b"") -> None:
        self._forget(conn)
        self.nr_conns -= 1
        with suppress(OSError):
            if words:
                conn.sock.send(words)
        conn.close(graceful=bool(words))
