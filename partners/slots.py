"""What this app adds to the frame of every page, and the kind of notice that it brings."""

from django.utils.translation import gettext_lazy as _

from core import nav
from core.api import scopes
from partners import notices

nav.register(
    "partners", _("Partners"), "building", "partners:organisations", roles=["admin"], order=12
)
nav.register("people", _("People"), "people", "partners:people", roles=["admin"], order=13)

nav.name("partners:profile", _("Profile and settings"))

scopes.register("people:read", _("Read people, teams and companies"))
notices.declare_all()
