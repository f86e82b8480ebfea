"""What authoring adds to the frame of every page and to lower apps' pages."""

from django.utils.translation import gettext_lazy as _

from core import nav
from courses.authoring import notices

nav.register(
    "authoring", _("Write"), "edit", "authoring:courses", roles=["author", "admin"], order=15
)
notices.declare_all()
