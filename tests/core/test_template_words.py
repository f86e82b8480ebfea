"""`{% translate %}`: constant words are kept for each language, all others are looked up each time."""

import pytest
from django.template import Context, Template
from django.utils import translation


def drawn(text: str, language: str, **values: object) -> str:
    with translation.override(language):
        return Template(text).render(Context(values))


@pytest.mark.parametrize("tag", ["translate", "trans"])
def test_constant_words_follow_the_language(tag: str) -> None:
    template = Template(f'{{% {tag} "Sign out" %}}')
    told = []
    for language in ("en", "ja", "en", "ja"):
        with translation.override(language):
            told.append(template.render(Context()))
    assert told == ["Sign out", "ログアウト"] * 2


def test_a_context_of_words_is_heeded() -> None:
    assert drawn('{% translate "More" context "place" %}', "ja") == "その他"


def test_words_from_a_variable_are_looked_up_each_time() -> None:
    template = Template("{% translate word %}")
    with translation.override("ja"):
        told = [template.render(Context({"word": word})) for word in ("Sign out", "Close")]
    assert told == ["ログアウト", "閉じる"]


def test_words_are_kept_as_a_variable() -> None:
    assert drawn('{% translate "Sign out" as said %}[{{ said }}]', "ja") == "[ログアウト]"


def test_filters_and_percent_signs_come_out_as_djangos() -> None:
    assert drawn('{% translate "100%" %}', "en") == "100%"
    assert drawn('{% translate "Sign out"|upper %}', "en") == "SIGN OUT"
    assert drawn("{% translate word %}", "en", word="<b>") == "&lt;b&gt;"
