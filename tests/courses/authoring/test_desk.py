"""The desk's scripts: on the author's page only, and each short enough to be read."""

import re

from tools.build_editor import TARGET
from tools.vendor import ROOT

SCRIPTS = ROOT / "courses" / "authoring" / "static" / "authoring"
MOST_LINES = 300


def test_only_the_desk_loads_the_editors_scripts() -> None:
    pages = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("[a-z]*/**/templates/**/*.html")
        if re.search(r"""static "[^"]*(tiptap|authoring/[^"]*\.js)""", path.read_text("utf-8"))
    }
    assert pages == {"courses/authoring/templates/authoring/editor.html"}
    imports = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("[a-z]*/**/static/**/*.js")
        if TARGET not in path.parents and "vendor/tiptap" in path.read_text("utf-8")
    }
    assert imports == {
        "courses/authoring/static/authoring/blocks/text.js",
        "courses/authoring/static/authoring/rich/schema.js",
    }


def test_every_script_can_be_read_at_a_sitting() -> None:
    lines = {path.name: path.read_text("utf-8").count("\n") for path in SCRIPTS.rglob("*.js")}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_no_script_writes_a_style_attribute_or_evaluates_text() -> None:
    for path in SCRIPTS.rglob("*.js"):
        text = path.read_text("utf-8")
        assert not re.search(
            r"setAttribute\(\s*[\"']style|\beval\(|new Function|innerHTML\s*=", text
        )
