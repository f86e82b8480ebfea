"""Forms by which people come in: password, forgotten password, mailed link."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.models import Login
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import hashers
from partners import cleaning, guessing

LONGEST_PASSWORD = 200

rules = lazy(password_validators_help_text_html, str)


def password_field(label: Any, *, new: bool, **options: Any) -> forms.CharField:
    """Return a field for a password; a new one shows the rules."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text=rules() if new else "",
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password" if new else "current-password"}
        ),
        **options,
    )


def paused(seconds: int) -> str:
    """Say that trying is paused, for how long, and which other way there is."""
    minutes = max(1, -(-seconds // 60))
    return ngettext(
        "Too many tries. Please wait %(n)s minute, or sign in with a mailed link.",
        "Too many tries. Please wait %(n)s minutes, or sign in with a mailed link.",
        minutes,
    ) % {"n": minutes}


class SignInForm(allauth.LoginForm):  # type: ignore[misc, unused-ignore]
    """Address or log-in name, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("E-mail address or log-in name"),
            max_length=254,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
            ),
        )
        self.fields["password"] = password_field(_("Password"), new=False)
        self.order_fields(["login", "password"])
        self.is_paused, self.retry_after = False, 0

    def clean_login(self) -> str:
        """Return the name in half width and lower case, however it was typed."""
        return cleaning.login_name(self.cleaned_data["login"])

    def user_credentials(self) -> dict[str, str]:
        """Return name and password for one look-up: each wrong try costs one hash, known name or not."""
        data = self.cleaned_data
        return {"username": data["login"], "password": data["password"]}

    def _clean_with_password(self, credentials: dict[str, Any]) -> dict[str, Any]:
        adapter, data = get_adapter(self.request), dict(self.cleaned_data)
        if hashers.are_crowded():
            self._pause(hashers.come_again_in(), _crowded())
            return data
        try:
            user = adapter.authenticate(self.request, **credentials)
        except ValidationError:
            self._pause(adapter.verdict.retry_after, paused(adapter.verdict.retry_after))
            return data
        if user is None:
            self.add_error("password", _wrong(adapter.verdict.remaining))
            return data
        self._login = Login(user=user, email=credentials.get("email"))
        self.user = user
        return data

    def _pause(self, seconds: int, words: str) -> None:
        self.is_paused, self.retry_after = True, seconds
        self.add_error("password", words)


def _crowded() -> str:
    return gettext(
        "Very many people are signing in at the moment. Please try again in a few seconds."
    )


def _wrong(left: int) -> str:
    if left == 0:
        return gettext("That address or password doesn't match. You can try again in 15 minutes.")
    return ngettext(
        "That address or password doesn't match. %(n)s try left.",
        "That address or password doesn't match. %(n)s tries left.",
        left,
    ) % {"n": left}


class AddressForm(forms.Form):
    """The address that a sign-in link is to be mailed to."""

    login = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"}),
    )

    def clean_login(self) -> str:
        """Return the address as it is compared. A log-in name is told apart kindly."""
        address = cleaning.address(self.cleaned_data["login"])
        if "@" not in address:
            raise ValidationError(
                _("Links go to e-mail addresses. With a log-in name, please use your password.")
            )
        return address


class ForgottenForm(allauth.ResetPasswordForm):  # type: ignore[misc, unused-ignore]
    """The address of somebody who forgot their password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.CharField(
            label=_("E-mail address"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"}),
        )

    def clean_email(self) -> str:
        """Return the address as it is compared, and find whose it is."""
        self.cleaned_data["email"] = cleaning.address(self.cleaned_data["email"])
        if "@" not in self.cleaned_data["email"]:
            raise ValidationError(
                _(
                    "Links go to e-mail addresses. With a log-in name only, please ask the person who"
                    " invited you for a new invitation."
                )
            )
        return str(super().clean_email())

    def save(self, request: Any, **kwargs: Any) -> str:
        """Mail the link to who has this address. Who has no account here gets no mail from us."""
        email: str = self.cleaned_data["email"]
        if self.users:
            super().save(request, **kwargs)
        return email


class _TypedOnce:
    """A new password is typed once: it can be shown, so typing it twice only costs patience."""

    fields: dict[str, forms.Field]
    user: Any

    def _once(self, label: Any) -> None:
        old = self.fields["password1"]
        self.fields["password1"] = password_field(label, new=True)
        self.fields["password1"].user = getattr(old, "user", None)  # type: ignore[attr-defined]
        del self.fields["password2"]

    def clean_password1(self) -> str:
        """Check the password against the rules."""
        password: str = self.cleaned_data["password1"]  # type: ignore[attr-defined]
        return str(get_adapter().clean_password(password, user=self.user))


class NewPasswordForm(_TypedOnce, allauth.ResetPasswordKeyForm):  # type: ignore[misc, unused-ignore]
    """A new password, by the link that was mailed to somebody who forgot it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._once(_("New password"))


class ChangePasswordForm(_TypedOnce, allauth.ChangePasswordForm):  # type: ignore[misc, unused-ignore]
    """The password until now, and a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = password_field(_("Current password"), new=False)
        self._once(_("New password"))

    def clean_oldpassword(self) -> str:
        """Check the password until now, as often as signing in may be tried."""
        verdict = guessing.old_password(self.user)
        if not verdict.allowed:
            raise ValidationError(paused(verdict.retry_after))
        return str(super().clean_oldpassword())


class FirstPasswordForm(_TypedOnce, allauth.SetPasswordForm):  # type: ignore[misc, unused-ignore]
    """A password for somebody who signed in by mailed links until now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._once(_("New password"))
