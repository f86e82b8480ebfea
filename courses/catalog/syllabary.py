"""The order of Japanese lists: the rows あかさたなはまやらわ, then the Latin letters."""

import string

OTHERS = "#"

ROWS: dict[str, tuple[str, str]] = {
    "あ": ("ぁ", "お"),
    "か": ("か", "ご"),
    "さ": ("さ", "ぞ"),
    "た": ("た", "ど"),
    "な": ("な", "の"),
    "は": ("は", "ぽ"),
    "ま": ("ま", "も"),
    "や": ("ゃ", "よ"),
    "ら": ("ら", "ろ"),
    "わ": ("ゎ", "ゖ"),
    **{letter.upper(): (letter, letter) for letter in string.ascii_lowercase},
}
"""The first and the last sign, folded, with which the words of a row begin."""


def row_of(folded: str) -> str:
    """Return the row in which a folded reading stands: が in か, a in A, and all others in #."""
    first = folded[:1]
    return next((row for row, (low, high) in ROWS.items() if low <= first <= high), OTHERS)
