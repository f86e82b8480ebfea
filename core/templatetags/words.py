"""`{% translate %}` and `{% blocktranslate %}` without their detours. Built in, in the place of Django's."""

from collections.abc import Container
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, Token, render_value_in_context
from django.template.context import Context
from django.templatetags.i18n import (
    BlockTranslateNode,
    TranslateNode,
    do_block_translate,
    do_translate,
)
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext

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
    words = said.filter_expression
    is_constant = words.var.literal is not None and not words.filters
    if is_constant and said.asvar is None and _is_constant(said.message_context):
        return _Said(said)
    return said


def _is_constant(about: FilterExpression | None) -> bool:
    return about is None or isinstance(about.var, str)


class _Sentence(Node):
    """Words with values in them: its pieces are put together once, and the values go into no context of their own."""

    child_nodelists = ()

    def __init__(self, said: BlockTranslateNode) -> None:
        self._said = said
        self._about = said.message_context.var if said.message_context else None
        self._one, names = said.render_token_list(said.singular)
        self._many, more = said.render_token_list(said.plural)
        self._count = said.counter if said.plural else None
        self._names = dict.fromkeys([*names, *more] if self._count else names)
        self._known: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """Return the words in the language of the moment, with the values of the context."""
        said = self._said
        values = {name: each.resolve(context) for name, each in said.extra_context.items()}
        if self._count:
            count = self._count.resolve(context)
            if not isinstance(count, int):
                return str(said.render(context))
            values[str(said.countervar)] = count
            words = self._counted(count)
        else:
            words = self._constant()
        try:
            told = words % {name: _value(name, values, context) for name in self._names}
        except (KeyError, ValueError):  # a translation that names other values: Django says how
            return str(said.render(context))
        if said.asvar is None:
            return told
        context[said.asvar] = SafeString(told)
        return ""

    def _constant(self) -> str:
        language = get_language()
        found = self._known.get(language)
        if found is None:
            found = pgettext(self._about, self._one) if self._about else gettext(self._one)
            self._known[language] = found
        return found

    def _counted(self, count: int) -> str:
        if self._about:
            return npgettext(self._about, self._one, self._many, count)
        return ngettext(self._one, self._many, count)


def _value(name: str, values: dict[str, Any], context: Context) -> str:
    if name in values:
        return render_value_in_context(values[name], context)
    return render_value_in_context(context[name], context)


@register.tag("blocktrans")
@register.tag("blocktranslate")
def blocktranslate(parser: Parser, token: Token) -> Node:
    """Do what Django's tag does, in half the time; a page has a dozen.

    What it counts, or a filter of it, may be named by `with`: then it is left to Django's.
    """
    said = do_block_translate(parser, token)
    may_be_named = (
        said.extra_context and said.counter and _may_name(said.counter, said.extra_context)
    )
    if may_be_named or not _is_constant(said.message_context):
        return said
    return _Sentence(said)


def _may_name(counter: FilterExpression, names: Container[str]) -> bool:
    lookups = getattr(counter.var, "lookups", None)
    return bool(counter.filters or (lookups and lookups[0] in names))
