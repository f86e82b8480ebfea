"""Django's checks of a password, in words that say what to do."""

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _


class UnlikeTheirNameValidator(password_validation.UserAttributeSimilarityValidator):
    """Refuses what is like somebody's name or address."""

    def get_error_message(self) -> str:
        """Say what to change."""
        return _("It is too much like your name or address.")

    def get_help_text(self) -> str:
        """Say what to heed."""
        return _("Nothing that is like your name or address.")


class HardToGuessValidator(password_validation.CommonPasswordValidator):
    """Refuses passwords that many people use."""

    def get_error_message(self) -> str:
        """Say what to change."""
        return _("Many people use this password, so it is easily guessed.")

    def get_help_text(self) -> str:
        """Say what to heed."""
        return _("Nothing that many people use.")
