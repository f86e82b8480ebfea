"""What an Excel file is before it is opened: a zip of XML, or something that only looks like one.

What is needed is unpacked here with a bound on every byte and packed anew without compression, so that
the reader behind gets nothing else: no macros, no links, no sizes that lie, no endless streams.
"""

import re
import zipfile
import zlib
from typing import IO

from core.tables.errors import TableError
from core.tables.rows import Limits

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OTHERS = (
    *(b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!"),
    *(b"RIFF", b"II*\x00", b"MM\x00*", b"\x7fELF", b"MZ\x90", b"SQLite format"),
)
HEAD = 8192
"""So many bytes tell what a file is."""
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(sharedStrings|styles)\.xml|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_MACROS = re.compile(r"(^|/)(vbaProject\.bin|macrosheets/.*)$", re.IGNORECASE)
_FAULTY = re.compile(rb'(<c\b[^<>]*\bt=)"e"')
_MOST_ENTRIES = 5_000
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,7})([0-9]{1,9})["']""")
_CHUNK = 256 * 1024


def is_excel(data: bytes, tail: bytes = b"") -> bool:
    """Say whether a file, or its first bytes and its last ones, is a workbook (zip).

    Raises TableError for files of other programs.
    """
    if data.startswith(_OLD):
        raise TableError("encrypted" if _LOCKED in data + tail else "old_excel")
    if data.startswith(_OTHERS):
        raise TableError("other_format")
    return data.startswith(_ZIP)


def repack(source: IO[bytes], target: IO[bytes], limits: Limits) -> None:
    """Write the workbook with only what is read from it, uncompressed. Raises TableError."""
    try:
        with zipfile.ZipFile(source) as package:
            _repack(package, target, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise TableError("broken") from None
    except RuntimeError:  # an entry with a password
        raise TableError("encrypted") from None


def _repack(package: zipfile.ZipFile, target: IO[bytes], limits: Limits) -> None:
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > _MOST_ENTRIES:
        raise TableError("swollen")
    if any(_MACROS.search(name) for name in names):
        raise TableError("macros")
    if "xl/workbook.xml" not in names:
        raise TableError("other_format")
    needed = [entry for entry in entries if _NEEDED.fullmatch(entry.filename)]
    if len({entry.filename.lower() for entry in needed}) != len(needed):
        raise TableError("broken")
    if sum(entry.file_size for entry in needed) > limits.unpacked:
        raise TableError("swollen")
    left = limits.unpacked
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as clean:
        for entry in needed:
            content = _unpack(package, entry, left)
            left -= len(content)
            _check(entry.filename, content, limits)
            clean.writestr(entry.filename, _with_faults(entry.filename, content))


def _unpack(package: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    parts = []
    with package.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            most -= len(chunk)
            if most < 0:
                raise TableError("swollen")
            parts.append(chunk)
    return b"".join(parts)


def _with_faults(name: str, content: bytes) -> bytes:
    """Return a sheet whose cells in error (#N/A) are texts: the reader would take them for empty ones."""
    is_sheet = name.lower().startswith("xl/worksheets/")
    return _FAULTY.sub(rb'\1"str"', content) if is_sheet else content


def _check(name: str, content: bytes, limits: Limits) -> None:
    """Refuse what a reader would choke on: entities, macros by type, cells far outside of any table."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise TableError("broken")
    if name == "[Content_Types].xml" and b"macroEnabled" in content:
        raise TableError("macros")
    if not name.lower().startswith("xl/worksheets/"):
        return
    for letters, digits in _PLACE.findall(content):
        if int(digits) > 4 * limits.rows + 1000:
            raise TableError("too_many_rows", most=limits.rows)
        if letters and _column(letters) > limits.columns:
            raise TableError("too_many_columns", most=limits.columns)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
