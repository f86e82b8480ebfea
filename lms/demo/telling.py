"""Tells how far the building of the demo world is."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from django.db import connection


class Progress:
    """Tells each step with its time when it is done, and counts questions to the database."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._began = self._step = time.monotonic()
        self._stack = ExitStack()
        self.statements = 0

    def __enter__(self) -> Self:
        self._stack.enter_context(connection.execute_wrapper(self._count))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()
        if kind is None:
            total = time.monotonic() - self._began
            self._say(f"{total:6.2f} s  in all, {self.statements} statements")

    def done(self, what: str) -> None:
        """Tell that a step is done."""
        now = time.monotonic()
        self._say(f"{now - self._step:6.2f} s  {what}")
        self._step = now

    def _count(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.statements += 1
        return execute(*args)
