"""A file's deals on their way into the database: it writes one batch while the next one is read and prepared."""

from concurrent.futures import Executor, Future

from sales.actions import Outcome, Upsert


class Belt:
    """Holds two batches: one that a thread beside writes, and one of which was asked what is known.

    So no two batches may tell of the same deal. Between `put` and `wait` nothing else may be asked.
    """

    def __init__(self, thread: Executor) -> None:
        self._thread = thread
        self._next: Upsert | None = None
        self._writing: Future[Outcome] | None = None

    def wait(self) -> tuple[Outcome, Upsert | None]:
        """Prepare what was put on last, while what was put on before is written; wait for that.

        Returns what became of the one, and the other.
        """
        if self._next:
            self._next.prepare()
        return self._writing.result() if self._writing else Outcome(), self._next

    def put(self, batch: Upsert | None) -> None:
        """Put a batch on, and let what waited be written."""
        if batch:
            batch.look()
        self._writing = self._thread.submit(self._next.write) if self._next else None
        self._next = batch
