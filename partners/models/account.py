"""How somebody signs in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac

from core.ids import uuid7


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts, and finds them whatever the case of what was typed."""

    def create_user(self, *, password: str | None = None, **fields: Any) -> "Account":
        """Make an account with an e-mail address or a log-in name; no password means none works."""
        for name in ("email", "login_name"):
            fields[name] = (fields.get(name) or "").lower() or None
        account = self.model(**fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account with this e-mail address or log-in name. Raises DoesNotExist."""
        name = (username or "").lower()
        return self.get(Q(email=name) | Q(login_name=name))


class Account(AbstractBaseUser):
    """How a person signs in: an e-mail address or a log-in name, and a password or mailed links.

    An account knows nothing of who the person is, so it holds neither names nor an organisation.
    Address and log-in name stand in lower case. Counting up `epoch` ends all sessions of the account.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(null=True, blank=True)
    login_name = models.CharField(max_length=60, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    objects = AccountManager()

    USERNAME_FIELD = "login_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="account_email_once"),
            models.UniqueConstraint(fields=["login_name"], name="account_login_name_once"),
            models.CheckConstraint(
                condition=Q(email=Lower("email")) & Q(login_name=Lower("login_name")),
                name="account_names_lower",
            ),
            models.CheckConstraint(
                condition=Q(email__isnull=False) | Q(login_name__isnull=False),
                name="account_has_a_name",
            ),
            models.CheckConstraint(
                condition=~Q(email="") & ~Q(login_name=""), name="account_names_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.email or self.login_name or str(self.id)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django's own hash covers the password; with the epoch, leaving ends sessions for good.
        salt = "partners.models.Account.session"
        value = f"{self.password}:{self.epoch}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()
