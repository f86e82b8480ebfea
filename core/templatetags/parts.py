"""Parts of pages that are drawn once, and addresses that are worked out once. Built in."""

from collections.abc import Sequence

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch, get_script_prefix
from django.utils.html import conditional_escape

from core import fixed
from core.fragments import Fragments
from core.nav import NavLink

register = template.Library()


_PLAIN = {str, int, bool, tuple, type(None)}
"""What is kept as it is; whatever else counts by how it reads, and isn't held on to."""


class _Kept(Node):
    """A part of a template that is kept for each language and set of values."""

    def __init__(self, values: Sequence[FilterExpression], nodelist: NodeList) -> None:
        self._values = values
        self.nodelist = nodelist
        self._drawn = Fragments(100)

    def render(self, context: Context) -> str:
        """Return the part as it was drawn with these values."""
        values = [each.resolve(context) for each in self._values]
        plain = [each if type(each) in _PLAIN else str(each) for each in values]
        key = (get_script_prefix(), *plain)  # addresses stand in it
        return self._drawn.get(key, lambda: self.nodelist.render(context))


@register.tag
def kept(parser: Parser, token: Token) -> Node:
    """Draw what stands up to `{% endkept %}` once for each language and these values: `{% kept theme %}`.

    It must depend on nothing else; above all not on the person or on a token against forged requests.
    """
    values = [parser.compile_filter(each) for each in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return _Kept(values, nodelist)


@register.filter
def links_key(links: Sequence[NavLink]) -> tuple[tuple[str, str, str, bool, bool], ...]:
    """Return all that the bar of these places shows."""
    return tuple(
        [(str(each.label), each.icon, each.url, each.current, each.is_more) for each in links]
    )


class _Address(Node):
    """The address of a view that takes nothing."""

    child_nodelists = ()

    def __init__(self, name: str, asvar: str | None) -> None:
        self._name = name
        self._asvar = asvar

    def render(self, context: Context) -> str:
        """Return the address; kept as a variable, nothing where there is no such view."""
        if self._asvar is None:
            url = fixed.address(self._name)
            return conditional_escape(url) if context.autoescape else url
        try:
            context[self._asvar] = fixed.address(self._name)
        except NoReverseMatch:
            context[self._asvar] = ""
        return ""


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """Do what Django's tag does; an address without arguments is worked out once. No app is there twice."""
    node: URLNode = django_url(parser, token)
    view = node.view_name
    if node.args or node.kwargs or view.filters or not isinstance(view.var, str):
        return node
    return _Address(str(view.var), node.asvar)
