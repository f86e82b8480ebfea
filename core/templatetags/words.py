"""`{% translate %}` of constant words, looked up once for each language. Built in, in the place of Django's."""

from django import template
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.translation import get_language

register = template.Library()


class _Said(Node):
    """Words that depend on nothing but the language."""

    child_nodelists = ()

    def __init__(self, said: TranslateNode) -> None:
        self._said = said
        self._known: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """Return the words in the language of the moment."""
        language = get_language()
        found = self._known.get(language)
        if found is None:
            found = self._known[language] = self._said.render(context)
        return found


@register.tag("trans")
@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """Do what Django's tag does. A page has some forty, and each walks through four layers of lazy text."""
    said = do_translate(parser, token)
    words, about = said.filter_expression, said.message_context
    is_constant = words.var.literal is not None and not words.filters
    if is_constant and said.asvar is None and (about is None or isinstance(about.var, str)):
        return _Said(said)
    return said
