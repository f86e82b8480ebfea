"""A small HTTP/1.1 client for load: thousands of lines from one process, at a tenth of a millisecond a request."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_LONGEST_HEAD = 256 * 1024


class BrokenError(Exception):
    """A line broke; `heard` says whether the server could have heard the whole request."""

    def __init__(self, why: str, *, heard: bool) -> None:
        super().__init__(why)
        self.heard = heard


@dataclass(frozen=True)
class Answer:
    """What a server said; names of headers in small letters, cookies apart."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes


@dataclass
class Line:
    """A connection that is kept as long as the server keeps it.

    `source` is the address it comes from; `again` counts requests sent a second time, on a new line.
    """

    url: str
    source: str = ""
    patience: float = 60.0
    again: int = 0
    _ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(
        default=None, repr=False
    )

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """Send a request and return the answer. Raises BrokenError.

        A kept line that the server has closed meanwhile is opened anew once, as browsers do.
        """
        head = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(self.url).netloc}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        if body or method not in {"GET", "HEAD"}:
            head.append(f"Content-Length: {len(body)}")
        request = "\r\n".join([*head, "", ""]).encode() + body
        kept = self._ends is not None
        try:
            return await asyncio.wait_for(self._exchange(method, request), self.patience)
        except (BrokenError, OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            self.close()
            if kept and isinstance(error, _ClosedError):
                self.again += 1
                return await self.ask(method, path, headers, body)
            if isinstance(error, BrokenError):
                raise
            raise BrokenError(f"{type(error).__name__} {error}", heard=True) from error

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return the two ends of the line. Raises BrokenError where nobody listens."""
        if self._ends is None:
            host = urlsplit(self.url)
            source = (self.source, 0) if self.source else None
            try:
                self._ends = await asyncio.open_connection(
                    host.hostname, host.port, limit=_LONGEST_HEAD, local_addr=source
                )
            except OSError as error:
                raise BrokenError(str(error), heard=False) from error
        return self._ends

    def close(self) -> None:
        """Hang up."""
        if self._ends is not None:
            self._ends[1].close()
            self._ends = None

    async def _exchange(self, method: str, request: bytes) -> Answer:
        reader, writer = await self.open()
        writer.write(request)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise _ClosedError("closed without an answer", heard=True) from error
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = [line.split(": ", 1) for line in lines if ": " in line]
        headers = {name.lower(): value for name, value in pairs}
        crumbs = [value.split(";", 1)[0] for name, value in pairs if name.lower() == "set-cookie"]
        body = b"" if method == "HEAD" else await _body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        cookies = dict(crumb.split("=", 1) for crumb in crumbs)
        return Answer(int(first.split(" ", 2)[1]), headers, cookies, body)


class _ClosedError(BrokenError):
    """The server closed the line without a word."""


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        parts = []
        while size := int(await reader.readuntil(b"\r\n"), 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readuntil(b"\r\n")
        return b"".join(parts)
    return await reader.readexactly(int(headers.get("content-length", 0)))
