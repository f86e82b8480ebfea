"""Pieces of pages that are drawn once."""

from django.utils import translation

from core.fragments import Fragments


def test_a_piece_is_drawn_once_for_each_language() -> None:
    drawn: list[str] = []

    def draw() -> str:
        drawn.append(translation.get_language() or "")
        return f"<b>{drawn[-1]}</b>"

    kept = Fragments(10)
    for language in ("ja", "en", "ja", "en"):
        with translation.override(language):
            assert kept.get("greeting", draw) == f"<b>{language}</b>"
    assert drawn == ["ja", "en"]


def test_what_was_not_asked_for_longest_goes_first() -> None:
    drawn: list[str] = []

    def draw(name: str) -> str:
        drawn.append(name)
        return name

    kept = Fragments(2)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(name, lambda n=name: draw(n)) == name
    assert drawn == ["a", "b", "c", "b"]
