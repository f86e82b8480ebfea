"""The place of sales figures in the navigation: for a partner's managers and the client's office."""

from django.utils.translation import pgettext_lazy

from core import nav

OFFICE = ("manager", "sales_manager", "admin")
"""Roles that see sales figures; of a partner only managers exist among them."""

nav.register(
    "sales", pgettext_lazy("place", "Sales"), "filter", "sales:funnel", roles=OFFICE, order=17
)
