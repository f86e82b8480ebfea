"""Django's own messages that Tomoni says in its own words.

The translations in `core/locale` win over Django's: these lines only keep them in the catalogue.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

REWORDED = (
    _("This field is required."),
    _("Enter a valid email address."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Enter a whole number."),
    _("Enter a number."),
    _("Enter a valid date."),
    _("Enter a valid value."),
    _("The submitted file is empty."),
    _("No file was submitted."),
    _("Upload a valid image. The file you uploaded was either not an image or a corrupted image."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
)
