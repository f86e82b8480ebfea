"""The smallest product for a web server: says `here`, after a word from a pipe where its address asks for that."""

from collections.abc import Callable
from pathlib import Path
from typing import Any


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer."""
    if environ["PATH_INFO"] == "/wait":
        Path(environ["QUERY_STRING"]).read_bytes()
    start_response("200 OK", [("Content-Length", "4")])
    return [b"here"]
