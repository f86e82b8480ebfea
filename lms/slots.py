"""The first place in everybody's navigation."""

from django.utils.translation import gettext_lazy as _

from core import nav
from core.access import ROLES

nav.register("home", _("Home"), "home", "home", roles=ROLES, order=10)
