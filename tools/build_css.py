"""Join the parts of the style sheet into the two files that pages load.

`python -m tools.build_css` writes `core/static/core/tomoni.css` (every page) and `office.css`
(authoring and reports). A test proves that the committed files are what this would write.
"""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "core" / "static" / "core"
PARTS = STATIC / "css"

# The order is the order of the cascade inside a layer.
SHEETS: dict[str, tuple[str, ...]] = {
    "tomoni.css": (
        "tokens",
        "base",
        "components/icon",
        "components/button",
        "components/chip",
        "components/card",
        "components/rows",
        "components/progress",
        "components/form",
        "components/choice",
        "components/earned",
        "components/story",
        "components/scene",
        "components/table",
        "components/quiet",
        "layout",
        "nav",
        "utilities",
        "modes",
    ),
    "office.css": (
        "office/report",
        "office/chart",
        "office/heat",
        "office/editor",
        "office/map",
        "office/library",
        "office/questions",
    ),
}


def shrink(css: str) -> str:
    """Return the style sheet without comments and needless white space."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>])\s*", r"\1", css)
    css = re.sub(r":\s+", ":", css)
    return css.replace(";}", "}").strip()


def build(name: str) -> str:
    """Return the text of one of `SHEETS`, its parts joined in order."""
    parts = [shrink((PARTS / f"{part}.css").read_text("utf-8")) for part in SHEETS[name]]
    return "/* Made by tools/build_css.py from css/. */\n" + "\n".join(parts) + "\n"


def main() -> None:
    """Write both sheets."""
    for name in SHEETS:
        (STATIC / name).write_text(build(name), "utf-8")


if __name__ == "__main__":
    main()
