"""The palette, recomputed from tokens.css in both themes: text at least 4.5, marks at least 3."""

import re
from pathlib import Path

import pytest

CORE = Path(__file__).resolve().parents[2] / "core"
CSS = CORE / "static" / "core" / "css"
TOKENS = (CSS / "tokens.css").read_text("utf-8")

LIGHT = r":root \{(.*?)\n  \}"
DARK_CHOSEN = r':root\[data-theme="dark"\] \{(.*?)\n  \}'
DARK_BY_SYSTEM = r":root:not\(\[data-theme\]\) \{(.*?)\n    \}"

# Foreground, grounds it stands on.
TEXT = {
    "ink": ["paper", "surface", "sunken", "primary-soft", "ok-soft", "warn-soft", "bad-soft"],
    "ink-2": ["paper", "surface", "sunken", "primary-soft", "ok-soft", "earn-soft"],
    "on-primary": ["primary", "primary-strong"],
    "primary": ["paper", "surface", "primary-soft", "warn-soft", "bad-soft"],
    "primary-strong": ["paper", "surface"],
    "primary-ink": ["primary-soft"],
    "earn": ["paper", "surface", "earn-soft"],
    "ok": ["paper", "surface", "ok-soft"],
    "warn": ["paper", "surface", "warn-soft"],
    "bad": ["paper", "surface", "bad-soft"],
    "paper": ["ink"],
}
MARKS = {
    "line-strong": ["paper", "surface", "sunken"],
    "earn-fill": ["paper", "surface"],
    "focus": ["paper", "surface", "primary-soft", "sunken"],
    "primary": ["paper", "surface", "sunken"],
    "silhouette": ["primary-soft"],
    "c1": ["surface"],
    "c2": ["surface"],
    "c3": ["surface"],
    "c4": ["surface"],
}


def tokens(pattern: str) -> dict[str, str]:
    match = re.search(pattern, TOKENS, re.DOTALL)
    assert match, pattern
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", match[1]))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def theme(name: str) -> dict[str, str]:
    light = tokens(LIGHT)
    return light if name == "light" else light | tokens(DARK_CHOSEN)


def pairs(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(front, ground) for front, grounds in table.items() for ground in grounds]


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), pairs(TEXT))
def test_text_is_legible(name: str, front: str, ground: str) -> None:
    colours = theme(name)
    assert contrast(colours[front], colours[ground]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), pairs(MARKS))
def test_controls_and_marks_can_be_seen(name: str, front: str, ground: str) -> None:
    colours = theme(name)
    assert contrast(colours[front], colours[ground]) >= 3


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("step", ["n3", "n2", "n1", "0", "p1", "p2", "p3"])
def test_figures_in_heat_cells_are_legible(name: str, step: str) -> None:
    colours = theme(name)
    ink = colours["h-ink-inv" if step in {"n3", "p3"} else "h-ink"]
    assert contrast(ink, colours[f"h-{step}"]) >= 4.5


def test_both_ways_into_the_dark_give_the_same_colours() -> None:
    assert tokens(DARK_CHOSEN) == tokens(DARK_BY_SYSTEM)


def test_the_dark_theme_leaves_no_colour_of_the_light_one_out() -> None:
    fixed = {"stage", "on-stage", "stage-button", "caption", "code"}  # the same in both on purpose
    faces = {"face-warm", "face-cool", "face-green"}  # grounds of pictures, dimmed with them
    colours = {key for key, value in tokens(LIGHT).items() if re.match(r"#|rgb", value)}
    assert colours - set(tokens(DARK_CHOSEN)) == fixed | faces


def test_only_the_tokens_hold_raw_colours() -> None:
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")
    holders = [path.name for path in CSS.rglob("*.css") if raw.search(path.read_text("utf-8"))]
    assert holders == ["tokens.css"]


def test_the_browser_is_told_the_colour_of_the_paper() -> None:
    head = (CORE / "templates" / "components" / "head.html").read_text("utf-8")
    told = re.findall(r'name="theme-color" content="(#\w+)"', head)
    assert told == [theme("light")["paper"], theme("dark")["paper"]]
