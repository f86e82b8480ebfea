"""Parts of pages that are drawn once for each language and set of values, and addresses worked out once."""

import gc
import itertools
import weakref

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import override_settings
from django.urls import NoReverseMatch, get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from core import fixed
from core.nav import NavLink


def drawn(template: Template, language: str = "en", **values: object) -> str:
    with translation.override(language):
        return template.render(Context(values))


def test_a_kept_part_is_drawn_once_for_each_language_and_value() -> None:
    template = Template(
        '{% kept theme %}{% translate "Close" %} {{ theme }} {{ time }}{% endkept %}'
    )
    assert drawn(template, theme="dark", time=1) == "Close dark 1"
    assert drawn(template, theme="dark", time=2) == "Close dark 1"
    assert drawn(template, theme="light", time=3) == "Close light 3"
    assert drawn(template, "ja", theme="dark", time=4) == "閉じる dark 4"
    assert drawn(template, theme="dark", time=5) == "Close dark 1"


def test_two_kept_parts_keep_their_own() -> None:
    template = Template("{% kept %}one{% endkept %}{% kept %}two{% endkept %}")
    assert drawn(template) + drawn(template) == "onetwoonetwo"


def test_a_kept_part_holds_on_to_no_lazy_value() -> None:
    template = Template("{% kept n %}{{ n }}{{ other }}{% endkept %}")
    counted = itertools.count(3)
    lazy = SimpleLazyObject(lambda: next(counted))
    alive = weakref.ref(lazy)
    assert drawn(template, n=lazy, other="a") == "3a"
    assert drawn(template, n=SimpleLazyObject(lambda: 3), other="b") == "3a"
    assert drawn(template, n=SimpleLazyObject(lambda: 4), other="c") == "4c"
    assert next(counted) == 4
    del lazy
    gc.collect()
    assert alive() is None


def test_a_kept_part_must_end() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% kept theme %}never")


@pytest.mark.parametrize(
    "other", [{"label": "B"}, {"icon": "x"}, {"url": "/b/"}, {"current": True}]
)
def test_another_bar_of_places_is_another_part(other: dict[str, object]) -> None:
    values = {"label": "A", "icon": "home", "url": "/a/", "current": False}
    template = Template(
        "{% kept links|links_key %}{% for each in links %}{{ each }}{% endfor %}{% endkept %}"
    )
    told = [drawn(template, links=[NavLink(**each)]) for each in (values, values | other)]
    assert told[0] != told[1]


def test_an_address_without_arguments_comes_out_as_djangos() -> None:
    template = Template('{% url "core:notices" %}{% url "core:notices" as there %}[{{ there }}]')
    assert drawn(template) == "/notices/[/notices/]"
    with pytest.raises(NoReverseMatch):
        drawn(Template('{% url "core:nowhere" %}'))
    assert drawn(Template('{% url "core:nowhere" as there %}[{{ there }}]')) == "[]"


def test_addresses_with_arguments_or_of_a_variable_are_djangos() -> None:
    assert drawn(Template("{% url name %}"), name="core:notices") == "/notices/"
    assert drawn(Template("{% url name %}"), name="home") == "/"
    pk = "01a219f7-241d-70e8-bf32-7997c2e88292"
    assert drawn(Template('{% url "courses:module" pk %}'), pk=pk) == f"/modules/{pk}/"


def test_an_address_follows_prefix_and_urls() -> None:
    assert fixed.address("home") == "/"
    before = get_script_prefix()
    part = Template('{% kept %}{% url "home" %}{% endkept %}')
    assert drawn(part) == "/"
    try:
        set_script_prefix("/lms/")
        assert fixed.address("home") == drawn(part) == "/lms/"
    finally:
        set_script_prefix(before)
    with override_settings(ROOT_URLCONF="core.urls"), pytest.raises(NoReverseMatch):
        fixed.address("home")
