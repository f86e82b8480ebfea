"""The place of sales figures in the navigation: for a partner's managers and the client's office."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import nav
from core.api import scopes

OFFICE = ("manager", "sales_manager", "admin")
"""Roles that see sales figures; of a partner only managers exist among them."""

scopes.register("sales:read", _("Read sales figures"))
scopes.register("sales:write", _("Write sales figures"))

nav.register(
    "sales", pgettext_lazy("place", "Sales"), "filter", "sales:funnel", roles=OFFICE, order=17
)
