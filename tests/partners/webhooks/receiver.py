"""Another system: a small HTTP server on this machine that remembers what it got and answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

from tests.plugin.patience import PATIENCE


@dataclass(frozen=True)
class Got:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The message's id."""
        return self.headers["webhook-id"]

    def verified(self, endpoint: Any) -> Any:
        """Return the payload as the specification's own library takes it. Raises its error for a wrong one."""
        return Webhook(endpoint.secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """What it got, and what it answers: a status, with headers and body; the last answer stays."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    hold: threading.Event | None = None
    """Set, it answers only once the event is there."""
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def answer(self, *statuses: int, body: bytes = b"", **headers: str) -> None:
        """Answer so from now on."""
        self.answers = [
            (each, {k.replace("_", "-"): v for k, v in headers.items()}, body) for each in statuses
        ]

    @property
    def ids(self) -> list[str]:
        """The ids of what arrived, in order."""
        return [each.id for each in self.got]


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {key.lower(): value for key, value in self.headers.items()}
            receiver.got.append(Got(self.path, headers, body))
            receiver.arrived.release()
            if receiver.hold is not None:
                receiver.hold.wait(PATIENCE)
            answers = receiver.answers
            answer = (200, {}, b"") if not answers else answers[0]
            if len(answers) > 1:
                answers.pop(0)
            self.say(*answer)

        def say(self, status: int, headers: dict[str, str], body: bytes) -> None:
            try:
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return  # who asked has gone

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def listening(wrap: Any = None) -> Iterator[Receiver]:
    """Run a receiver; `wrap` may put TLS around its socket."""
    receiver = Receiver()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver)) as server:
        server.daemon_threads = True
        if wrap is not None:
            server.socket = wrap(server.socket)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        receiver.url = f"http{'s' if wrap else ''}://127.0.0.1:{server.server_port}/in"
        yield receiver
        if receiver.hold is not None:
            receiver.hold.set()
        server.shutdown()
