"""The navigation: a phone's bar has five places, and none is lost."""

from django.test import RequestFactory

from core import nav


def places(monkeypatch, count: int, path: str = "/") -> list[nav.NavLink]:
    monkeypatch.setattr(nav, "_items", {})
    for number in range(count):
        nav.register(f"n{number}", f"N{number}", "home", "home", roles=["rep"], order=number)
    return nav.links(RequestFactory().get(path), frozenset({"rep"}))


def test_five_places_stand_in_the_bar(monkeypatch):
    found = places(monkeypatch, 5)
    assert [link.label for link in found if not link.is_more] == ["N0", "N1", "N2", "N3", "N4"]
    assert not any(link.is_more for link in found)


def test_of_more_the_last_place_leads_to_the_rest(monkeypatch):
    found = places(monkeypatch, 7)
    assert [link.label for link in found if not link.is_more] == ["N0", "N1", "N2", "N3"]
    assert [link.label for link in found if link.is_more] == ["N4", "N5", "N6"]
