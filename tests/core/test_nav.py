"""The navigation: a phone's bar has five places, and none is lost."""

from django.test import RequestFactory

from core import fixed, nav


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


def current(monkeypatch, path: str, *keys: str) -> list[str]:
    monkeypatch.setattr(nav, "_items", {})
    monkeypatch.setattr(nav, "_below", [])
    for order, key in enumerate(keys):
        url_name = "home" if key == "home" else f"core:{key}"
        nav.register(key, key, "home", url_name, roles=["rep"], order=order)
    for key in ("gone", "library", "notices"):
        nav.put_below(key, "core:mailbox")
    found = nav.links(RequestFactory().get(path), frozenset({"rep"}))
    return [link.label for link in found if link.current]


def test_a_page_below_a_place_is_found_there_whatever_its_address(monkeypatch):
    box, places = fixed.address("core:mailbox"), ("home", "notices", "library")
    assert current(monkeypatch, fixed.address("core:notices"), *places) == ["notices"]
    assert current(monkeypatch, box, *places) == ["library"]
    assert current(monkeypatch, f"{box}7/", *places) == ["library"]
    assert current(monkeypatch, box, "home", "notices") == ["notices"]
    assert current(monkeypatch, box, "home") == []
