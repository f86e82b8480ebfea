"""Connections that keep a server waiting: the sort of client that a web server must not wait for."""

import socket
import threading
import time
from typing import Self

from tests.plugin.patience import PATIENCE

KINDS = ("half open", "slow head", "slow body")


class Senders:
    """Connections that keep a server waiting; each comes again when it is thrown out."""

    def __init__(self, address: tuple[str, int], kind: str, count: int) -> None:
        self._address, self._kind, self._count = address, kind, count
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.thrown_out = 0

    def __enter__(self) -> Self:
        self._open = [self._connect() for _ in range(self._count)]
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)
        for each in self._open:
            each.close()

    def _connect(self) -> socket.socket:
        opened = socket.create_connection(self._address, timeout=PATIENCE)
        first = {
            "half open": b"",
            "slow head": b"GET /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n",
            "slow body": b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin=",
        }[self._kind]
        opened.sendall(first)
        opened.setblocking(False)
        return opened

    def _run(self) -> None:
        while not self._stop.wait(1):
            for number, each in enumerate(self._open):
                if self._stop.is_set():
                    return
                try:
                    if self._kind in {"slow head", "slow body"}:
                        each.send(b"x" if self._kind == "slow body" else b"X-A: b\r\n")
                    elif self._kind == "half open" and each.recv(1) == b"":
                        raise ConnectionResetError
                except BlockingIOError:
                    pass
                except OSError:
                    self.thrown_out += 1
                    each.close()
                    try:
                        self._open[number] = self._connect()
                    except OSError:
                        time.sleep(0.05)
