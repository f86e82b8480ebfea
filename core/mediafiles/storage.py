"""Files under the hash of their content: `MEDIA_ROOT/ab/abcdef….webp`, written whole or not at all.

A file is written under `MEDIA_ROOT/tmp`, hashed on the way, synced, and then renamed to its place.
So nobody ever reads half a file, and the same content is stored once.
"""

import contextlib
import errno
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from django.conf import settings

from core.mediafiles.errors import MediaError

HEAD = 4096
"""How many bytes of a file are kept at hand to tell what it is."""

SOURCES = "sources/"
"""Where originals lie: apart from what is handed out."""

_PATH = re.compile(r"(sources/)?[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,8}")


@dataclass(frozen=True)
class Stored:
    """A file in its place; `path` is relative to MEDIA_ROOT."""

    path: str
    sha256: str
    size: int


def temporary() -> Path:
    """Return the folder of what isn't finished; what lies there for a day is deleted."""
    folder = Path(settings.MEDIA_ROOT) / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def absolute(path: str) -> Path:
    """Return where a stored path lies. Raises ValueError for anything that is no such path."""
    if not _PATH.fullmatch(path):
        raise ValueError(f"Not the path of a stored file: {path[:100]!r}")
    return Path(settings.MEDIA_ROOT) / path


class Incoming:
    """A file on its way in. Write to it, then `keep()` it; what isn't kept is gone when it's closed.

    `write()` raises MediaError(`too_large`) as soon as there are more than `limit` bytes, and
    MediaError("no_space") when the disk is full.
    """

    def __init__(self, limit: int | None = None, too_large: str = "video_bytes") -> None:
        handle, name = tempfile.mkstemp(dir=temporary(), prefix="in-")
        self.file: IO[bytes] = os.fdopen(handle, "w+b")
        self.place = Path(name)
        self.size = 0
        self.head = b""
        self._limit, self._too_large = limit, too_large
        self._hash = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def write(self, chunk: bytes) -> None:
        """Add bytes at the end. Raises MediaError, see the class."""
        self.size += len(chunk)
        if self._limit is not None and self.size > self._limit:
            raise MediaError(self._too_large)
        if len(self.head) < HEAD:
            self.head += chunk[: HEAD - len(self.head)]
        self._hash.update(chunk)
        with full_disk_explained():
            self.file.write(chunk)

    def keep(self, extension: str, folder: str = "") -> Stored:
        """Put the file in its place and return where that is; what stood there already stays."""
        with full_disk_explained():
            self.file.flush()
            os.fsync(self.file.fileno())
        return place(self.place, self._hash.hexdigest(), self.size, f"{folder}{{}}.{extension}")

    def close(self) -> None:
        """Close the file and forget what wasn't kept."""
        self.file.close()
        self.place.unlink(missing_ok=True)


def place(file: Path, sha256: str, size: int, named: str) -> Stored:
    """Move a synced file to its place; `named` is `folder{}.extension`. What stood there already stays."""
    path = named.format(f"{sha256[:2]}/{sha256}")
    target = absolute(path)
    if not _is_there(target, size):
        target.parent.mkdir(parents=True, exist_ok=True)
        file.chmod(0o644)  # a proxy that sends the files is another user
        file.replace(target)
        _sync_folder(target.parent)
    return Stored(path, sha256, size)


@contextlib.contextmanager
def full_disk_explained() -> Iterator[None]:
    """Turn a full disk into MediaError("no_space")."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise MediaError("no_space") from error
        raise


def _is_there(target: Path, size: int) -> bool:
    """Say whether the file stands there whole; a crash of the machine may have left a shorter one."""
    try:
        return target.stat().st_size == size
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(data: bytes, extension: str) -> Stored:
    """Store these bytes. Raises MediaError("no_space")."""
    with Incoming() as incoming:
        incoming.write(data)
        return incoming.keep(extension)


def put_file(source: Path, extension: str) -> Stored:
    """Store a copy of a file. Raises MediaError("no_space")."""
    with Incoming() as incoming, source.open("rb") as reading:
        while chunk := reading.read(1024 * 1024):
            incoming.write(chunk)
        return incoming.keep(extension)


@contextlib.contextmanager
def workshop() -> Iterator[Path]:
    """Give a job a folder of its own, on the disk of the media, that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(dir=temporary(), prefix="work-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def forget_temporary(older_than: float = 24 * 3600) -> int:
    """Delete what crashed uploads and jobs left behind this many seconds ago. Returns how many."""
    gone = 0
    for entry in temporary().iterdir():
        with contextlib.suppress(FileNotFoundError):
            if time.time() - entry.stat().st_mtime < older_than:
                continue
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()
            gone += 1
    return gone
