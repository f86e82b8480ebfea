"""From bytes to text, by rule and not by guessing: many encodings can read each other's bytes.

A byte order mark decides; else it is UTF-8 if it is strictly that; else CP932, as Excel saves CSV in
Japan; else whoever brought the file is asked.
"""

import codecs

from core.tables.errors import TableError

ENCODINGS = {
    "utf-8": "UTF-8",
    "cp932": "Shift_JIS (Windows)",
    "euc_jp": "EUC-JP",
    "utf-16": "UTF-16",
}
"""What may be chosen by hand, with its name."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """Return the text and the encoding it was read by; a given one of ENCODINGS is taken as it is.

    Raises TableError: `encoding` where the rule finds none, `encoding_wrong` for a given one that doesn't fit.
    """
    if encoding:
        text = _strictly(data, encoding)
        if text is None:
            raise TableError("encoding_wrong", encoding=ENCODINGS[encoding])
        return text, encoding
    marked = next((name for mark, name in MARKS if data.startswith(mark)), None)
    for name in ("utf-8", "cp932") if marked is None else (marked,):
        text = _strictly(data, name) if name else None
        if text is not None:
            return text, name
    raise TableError("encoding")


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None
