"""`{% translate %}` and `{% blocktranslate %}` say what Django's say; constant words are kept for each language."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from core.templatetags import words


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


_SENTENCES = [
    "{% blocktranslate %}Sign out{% endblocktranslate %}",
    "{% blocktranslate %}100% {{ who }}, {{ who }}!{% endblocktranslate %}",
    "{% blocktranslate with who=name|upper %}Hello {{ who }} & co{% endblocktranslate %}",
    "{% blocktranslate count n=number %}{{ n }} day left{% plural %}{{ n }} days left{% endblocktranslate %}",
    "{% blocktranslate with n=number|add:1 count x=number %}{{ n }} one{% plural %}{{ n }} many{% endblocktranslate %}",
    "{% blocktranslate with one=1 count n=number|add:one %}{{ n }} x{% plural %}{{ n }} xs{% endblocktranslate %}",
    "{% blocktranslate with n=number count all=n %}{{ all }} one{% plural %}{{ all }} many{% endblocktranslate %}",
    '{% blocktranslate count n=number context "plural" %}{{ n }} x{% plural %}{{ n }} xs{% endblocktranslate %}',
    "{% blocktranslate count n=3 %}{{ n }} day left{% plural %}{{ n }} days left{% endblocktranslate %}",
    '{% blocktranslate context "chip" %}Saved on this phone{% endblocktranslate %}',
    "{% blocktranslate context about %}More{% endblocktranslate %}",
    "{% blocktranslate trimmed %}\n  one\n  {{ who }}\n{% endblocktranslate %}",
    "{% blocktranslate asvar text %}Hello {{ who }}{% endblocktranslate %}[{{ text }}]",
    "{% blocktrans %}Hello {{ nobody }}{% endblocktrans %}",
    "{% autoescape off %}{% blocktranslate %}Hello {{ who }}{% endblocktranslate %}{% endautoescape %}",
    "{% localize off %}{% blocktranslate %}It is {{ price }}{% endblocktranslate %}{% endlocalize %}",
]


@pytest.mark.parametrize("number", [0, 1, 2, 1000, True])
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("sentence", _SENTENCES)
def test_sentences_come_out_as_djangos(sentence: str, language: str, number: object) -> None:
    values = {"who": "<b>%s", "name": "Mori", "number": number, "about": "place", "price": 1234.5}
    ours, django = (
        Template("{% load l10n %}" + sentence),
        Template("{% load l10n i18n %}" + sentence),
    )
    with translation.override(language):
        for _ in range(2):
            assert ours.render(Context(values)) == django.render(Context(values))


def test_what_is_counted_must_be_a_number() -> None:
    template = Template(_SENTENCES[3])
    with pytest.raises(TemplateSyntaxError):
        template.render(Context({"number": "many"}))


def test_values_of_a_sentence_are_gone_after_it() -> None:
    template = "{% blocktranslate with who=name %}Hello {{ who }}{% endblocktranslate %}{{ who }}."
    assert drawn(template, "en", name="Mori", who="Abe") == "Hello MoriAbe."


def test_a_translation_that_names_other_values_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(words, "gettext", lambda _: "%(no)s")
    template = "{% blocktranslate %}Hello {{ who }}{% endblocktranslate %}"
    assert drawn(template, "en", who="Mori") == "Hello Mori"
