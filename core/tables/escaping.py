"""Formulas stay text: a cell that a spreadsheet would run gets an apostrophe in front of it.

ASVS 1.2.10. `unescape` takes back exactly what `escape` put there, so that a table that was taken away
and brought back is the same; a formula that somebody brings is kept as the text that it is.
"""

import re

_RUNS = re.compile("'*[=+\\-@\t\r\x00＝＋－＠]")


def escape(text: str) -> str:
    """Return a cell's text as it may stand in a file."""
    return f"'{text}" if _RUNS.match(text) else text


def unescape(text: str) -> str:
    """Return the text of a cell as it was before `escape`."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text
