"""Documentation is kept true by tests: events, slots and settings stand in `docs/`."""

import re
from pathlib import Path

from core import outbox, slots
from core.events import Event
from tools.launch.check import _APPS

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_every_event_is_documented_with_its_handlers() -> None:
    ours = {
        name for name, event in Event.registry.items() if not event.__module__.startswith("tests")
    }
    assert len(ours) >= 6
    assert not {name for name in ours if f"`{name}`" not in ARCHITECTURE}


def test_every_subscription_is_documented() -> None:
    names = {s.name for s in outbox.subscriptions() if not s.name.startswith("tests")}
    assert len(names) >= 5
    assert not {name for name in names if f"`{name}`" not in ARCHITECTURE}


def test_every_slot_is_documented() -> None:
    assert slots.names()
    assert not {name for name in slots.names() if f"`{name}`" not in ARCHITECTURE}


def test_every_setting_from_the_environment_is_documented() -> None:
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    source = (ROOT / "lms" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'_(?:env|flag)\(\s*"([A-Z_]+)"', source))
    assert len(names) > 10
    assert not {name for name in names if f"`{name}`" not in operations}


def _said_on_pages() -> str:
    """Return all that catalogues and templates say in Japanese."""
    apps = [ROOT / app for app in _APPS]
    texts = [path.read_text(encoding="utf-8") for app in apps for path in app.rglob("*.html")]
    for path in (path for app in apps for path in app.rglob("locale/ja/LC_MESSAGES/*.po")):
        joined = path.read_text(encoding="utf-8").replace('"\n"', "")
        texts += re.findall(r'^msgstr(?:\[\d\])? "(.*)"$', joined, re.MULTILINE)
    return "\n".join(texts)


def test_japanese_words_of_the_glossary_stand_on_the_pages() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+?) \| .+ \|$", glossary, re.MULTILINE)[1:]
    assert len(rows) > 100
    said = _said_on_pages()
    words = [(row, word) for row, japanese in rows for word in japanese.split("、")]
    assert not {row: word for row, word in words if word != "–" and word not in said}


def test_decisions_are_numbered_without_gaps_in_their_titles() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert len(files) >= 9
    for path in files:
        number = path.name[:3]
        assert path.read_text(encoding="utf-8").startswith(f"# {number} "), path.name
