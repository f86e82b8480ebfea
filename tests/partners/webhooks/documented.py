"""The example of `docs/webhooks.md`, as it stands there: what receivers copy is what these tests run."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "webhooks.md"
TEXT = PAGE.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the page's code blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def _example() -> Callable[[bytes, Mapping[str, str], str], bool]:
    names: dict[str, Callable[[bytes, Mapping[str, str], str], bool]] = {}
    exec(compile(blocks("python")[0], str(PAGE), "exec"), names)
    return names["verify"]


verify = _example()
"""Say whether a message with these headers was signed by this secret, and lately."""
