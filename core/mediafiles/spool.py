"""The spool: files that arrive in pieces, on the media's disk. A piece is on the disk before it counts."""

import hashlib
import os
import shutil
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

from core.mediafiles import storage


class Spool:
    """What has come of one upload. It stays until it is forgotten, or untouched for a day."""

    def __init__(self, upload_id: uuid.UUID) -> None:
        self.place: Path = storage.temporary() / f"up-{upload_id}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Keep the file: whether it is done with is known only once the database has said so."""

    @property
    def size(self) -> int:
        """How many bytes lie there."""
        try:
            return self.place.stat().st_size
        except FileNotFoundError:
            return 0

    @property
    def head(self) -> bytes:
        """The first bytes, which tell what it is."""
        with self.place.open("rb") as reading:
            return reading.read(storage.HEAD)

    def write(self, piece: bytes, at: int) -> None:
        """Put bytes at this place and wait until the disk has them. Raises MediaError("no_space")."""
        handle = os.open(self.place, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            with storage.full_disk_explained():
                rest = memoryview(piece)
                while rest:
                    written = os.pwrite(handle, rest, at)
                    rest, at = rest[written:], at + written
                os.fsync(handle)
        finally:
            os.close(handle)

    def keep(self, extension: str, folder: str = "") -> storage.Stored:
        """Put the whole file in its place, named by its hash, and return where that is.

        It lies in the spool as well until it is forgotten, so that a transaction that fails loses nothing.
        """
        with self.place.open("rb") as reading:
            sha256 = hashlib.file_digest(reading, "sha256").hexdigest()
        twin = self.place.with_name(f"{self.place.name}-kept")
        twin.unlink(missing_ok=True)
        try:
            _twin(self.place, twin)
            return storage.place(twin, sha256, self.size, f"{folder}{{}}.{extension}")
        finally:
            twin.unlink(missing_ok=True)

    def forget(self) -> None:
        """Delete it."""
        self.place.unlink(missing_ok=True)


def _twin(file: Path, twin: Path) -> None:
    """Give a file a second name; a copy where the disk knows no second names."""
    try:
        twin.hardlink_to(file)
    except OSError:
        with storage.full_disk_explained(), file.open("rb") as reading, twin.open("wb") as writing:
            shutil.copyfileobj(reading, writing)
            writing.flush()
            os.fsync(writing.fileno())
