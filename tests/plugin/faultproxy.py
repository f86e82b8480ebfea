"""A network that fails on purpose: a small TCP proxy which delays, cuts and swallows, by a seed.

>>> with FaultProxy(port, seed=7) as network:
...     network.turn_bad()      # from now on every connection fails at some place
...     network.injected        # {"request": 3, "response": 2, …}

It knows nothing of HTTP. A connection that is to fail gets a number of bytes after which it is reset, in one of the
two directions; none at all of the response means: the server did it, and nobody heard of it.
"""

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

_RESET = struct.pack("ii", 1, 0)
_BLOCK = 65536
NEVER = 1 << 60


@dataclass(frozen=True)
class Fault:
    """What happens to one connection: after how many bytes which way it is cut, and how long each block waits."""

    kind: str = "none"
    up: int = NEVER
    down: int = NEVER
    delay: float = 0.0


class FaultProxy:
    """Listens on a free port of this machine and passes on to another one."""

    def __init__(self, port: int, *, seed: int = 0, holes: float = 0.0, most: int = 6000) -> None:
        self.bad = False
        self.cut_off = False
        self.injected: Counter[str] = Counter()
        self._upstream = port
        self._chance = random.Random(seed)
        self._holes, self._most = holes, most
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: set[asyncio.StreamWriter] = set()
        self._swallowing = False
        self.port = 0

    def turn_bad(self) -> None:
        """From now on every connection fails at some place, those that are open at once."""
        self.bad = True
        self.hang_up()

    def hang_up(self) -> None:
        """Reset all connections that are open; new ones are let through unless told otherwise."""
        self._swallowing = False
        self._run(self._hang_up())

    def swallow(self) -> None:
        """Become a black hole, for connections that are open as for new ones, until `hang_up`."""
        self._swallowing = True

    async def _hang_up(self) -> None:
        for writer in list(self._open):
            _reset(writer)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _stop(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def choose(self) -> Fault:
        """Draw what happens to the next connection."""
        if self.cut_off:
            return Fault("refused", up=0, down=0)
        if not self.bad:
            return Fault()
        if self._chance.random() < self._holes:
            return Fault("hole", down=0, up=NEVER, delay=NEVER)
        kind = self._chance.choice(("request", "response", "unheard", "slow"))
        size = self._chance.randrange(self._most)
        return {
            "request": Fault(kind, up=size),
            "response": Fault(kind, down=1 + size),
            "unheard": Fault(kind, down=0),
            "slow": Fault(kind, down=1 + size, delay=self._chance.uniform(0.05, 0.4)),
        }[kind]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._open.add(writer)
        fault = self.choose()
        if fault.kind != "none":
            self.injected[fault.kind] += 1
        try:
            if fault.kind == "refused":
                return
            if fault.kind == "hole":
                await asyncio.sleep(60)
                return
            await self._pass_on(fault, reader, writer)
        except OSError:
            pass
        finally:
            self._tasks.discard(task)
            self._open.discard(writer)
            _reset(writer)

    async def _pass_on(
        self, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._upstream)
        ways = [
            asyncio.create_task(self._carry(reader, back, fault.up, fault.delay)),
            asyncio.create_task(self._carry(there, writer, fault.down, fault.delay)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            back.close()

    async def _carry(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, most: int, delay: float
    ) -> None:
        """Carry bytes one way until the end, or until as many were carried as may be."""
        while block := await source.read(_BLOCK):
            if self._swallowing:
                continue
            if delay:
                await asyncio.sleep(delay)
            target.write(block[:most])
            await target.drain()
            most -= len(block)
            if most < 0:
                return


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as a network does that is gone: without a word."""
    connection = writer.get_extra_info("socket")
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
