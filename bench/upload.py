"""What a large upload costs: 200 MB in pieces, cut five times in the middle of one, each time gone on with.

    .venv/bin/python -m bench.upload [--megabytes 200]

Prints seconds, CPU of the web server, how long the last answer took (it hashes the whole file), and what of the
bytes sent had to be sent again. Fails where the stored file is not what was sent.
"""

import argparse
import hashlib
import http.client
import random
import socket
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.stand import Stand, stand
from tests.core.media_samples import video

_TOKEN = "b" * 32
_PIECE = 8 * 1024 * 1024


class Sender:
    """An author's browser, as far as uploads go."""

    def __init__(self, site: Stand, world: Mapping[str, Any]) -> None:
        self.host = urlsplit(site.url).netloc
        self.sent = 0
        self.headers = {
            "Cookie": f"{world['cookie']}={world['session']}; {world['csrf']}={_TOKEN}",
            "X-CSRFToken": _TOKEN,
            "Tus-Resumable": "1.0.0",
            "Content-Type": "application/offset+octet-stream",
        }

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        """Return the answer to a request."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection(self.host, timeout=120)) as line:
            line.request(method, path, body, {**self.headers, **more})
            answer = line.getresponse()
            said = answer.read()
            assert answer.status < 300, (answer.status, said[:300])
            return answer.headers

    def cut(self, path: str, body: bytes, at: int, count: int) -> None:
        """Send so many bytes of a piece, then hang up."""
        head = {**self.headers, "Host": self.host, "Upload-Offset": str(at)}
        lines = [f"PATCH {path} HTTP/1.1", *(f"{key}: {value}" for key, value in head.items())]
        request = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode()
        host, port = self.host.split(":")
        with socket.create_connection((host, int(port))) as line, suppress(OSError):
            line.sendall(request + body[:count])


def run(site: Stand, world: Mapping[str, Any], data: bytes, web: str = "web") -> None:
    """Send the bytes as the world's author and print what it took the web server of this name."""
    sender = Sender(site, world)
    cuts = set(random.Random(3).sample(range(1, len(data) // _PIECE), 5))
    cpu, began = site.cpu_seconds()[web], time.perf_counter()
    path = sender.ask("POST", "/media/uploads/", Upload_Length=str(len(data)))["Location"]
    at = pieces = sent = 0
    last = 0.0
    while at < len(data):
        piece, pieces = data[at : at + _PIECE], pieces + 1
        if pieces in cuts:
            count = random.randrange(1, len(piece))
            sender.cut(path, piece, at, count)
            sent += count
            time.sleep(0.5)
            at = int(sender.ask("HEAD", path)["Upload-Offset"])
            continue
        moment = time.perf_counter()
        answer = sender.ask("PATCH", path, piece, Upload_Offset=str(at))
        last, at, sent = (
            time.perf_counter() - moment,
            int(answer["Upload-Offset"]),
            sent + len(piece),
        )
    seconds, used = time.perf_counter() - began, site.cpu_seconds()[web] - cpu
    digest = hashlib.sha256(data).hexdigest()
    stored = Path(site.environment["MEDIA_ROOT"]) / f"sources/{digest[:2]}/{digest}.mp4"
    assert stored.stat().st_size == len(data)
    print(f"{len(data) / 2**20:.0f} MB in {seconds:.1f} s ({len(data) / 2**20 / seconds:.0f} MB/s)")
    print(f"web server {used:.2f} s of CPU; last answer after {last:.2f} s")
    print(f"sent again: {100 * (sent - len(data)) / len(data):.2f} %")


def film(megabytes: int) -> bytes:
    """Return a video with so many megabytes behind it that no player looks at."""
    weight = megabytes * 2**20
    return video(2) + weight.to_bytes(4) + b"free" + random.Random(1).randbytes(weight - 8)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=200)
    data = film(parser.parse_args().megabytes)
    with stand() as site:
        run(site, site.seed("bench.seed_upload"), data)


if __name__ == "__main__":
    main()
