"""The smallest product for a web server: says `here`, after a word from a pipe where its address asks for that.

Who shows a cookie belongs to the organisation of its name, as in the product once a person was found.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from core import callers


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer."""
    shown = environ.get("HTTP_COOKIE", "")
    if shown:
        callers.note(shown.encode(), shown)
    if environ["PATH_INFO"] == "/wait":
        Path(environ["QUERY_STRING"]).read_bytes()
    if environ["PATH_INFO"] == "/fail":
        raise RuntimeError
    start_response("200 OK", [("Content-Length", "4")])
    return [b"here"]
