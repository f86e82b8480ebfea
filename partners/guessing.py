"""How often somebody may guess: counted before each try, in one step, so that haste gains nothing.

The same limits, words and times hold for accounts that exist and for those that don't.
"""

from django.conf import settings
from django.http import HttpRequest

from core import ratelimit
from partners import cleaning, devices, notices
from partners.models import Account

TRIES = 10
WINDOW = 15 * 60
_PER_ADDRESS = 100
_LINKS = 5
_OPENINGS = 600
_TOLD_AGAIN = 24 * 3600


def sign_in(request: HttpRequest, login: str) -> ratelimit.Verdict:
    """Count one try to sign in with this address or log-in name.

    10 in 15 minutes for an account from all unknown devices together, and for each device on which it
    signed in before; 100 wrong ones in an hour from one network address, known devices aside. Whose account
    it is hears of the eleventh, once a day.
    """
    name = cleaning.login_name(login)
    account = _account(name)
    device = devices.known(request, account)
    if device:
        return ratelimit.hit("sign-in-device", f"{device}:{name}", TRIES, WINDOW)
    verdict = ratelimit.hit("sign-in", name, TRIES, WINDOW)
    if not verdict.allowed and ratelimit.hit("sign-in-told", name, 1, _TOLD_AGAIN).allowed:
        notices.tell_of_guesses(account)
    network = ratelimit.hit("sign-in-network", client_address(request), _PER_ADDRESS, 3600)
    return network if verdict.allowed and not network.allowed else verdict


def signed_in(request: HttpRequest, login: str) -> None:
    """Forget the wrong tries that came before a right one.

    Of the network address only the right one is taken back: a whole office may sign in one morning
    from one address, and who guesses there gains nothing by also knowing a password.
    """
    name = cleaning.login_name(login)
    ratelimit.forgive("sign-in", name)
    if device := devices.known(request, _account(name)):
        ratelimit.forgive("sign-in-device", f"{device}:{name}")
    else:
        ratelimit.take_back("sign-in-network", client_address(request))


def mailed_link(request: HttpRequest, address: str) -> ratelimit.Verdict:
    """Count one wish for mail with a link: 5 in 15 minutes for an address, 100 an hour from a network."""
    network = ratelimit.hit("link-network", client_address(request), _PER_ADDRESS, 3600)
    verdict = ratelimit.hit("link", cleaning.address(address), _LINKS, WINDOW)
    return verdict if network.allowed else network


def old_password(account: Account) -> ratelimit.Verdict:
    """Count one try to name the password until now, on a page of somebody signed in."""
    return ratelimit.hit("old-password", str(account.pk), TRIES, WINDOW)


def secret(request: HttpRequest) -> ratelimit.Verdict:
    """Count one opening of a secret address, so that a network can't try them out."""
    return ratelimit.hit("secret-network", client_address(request), _OPENINGS, 3600)


def wrong_token(request: HttpRequest) -> ratelimit.Verdict:
    """Count one token that opens nothing. Right ones aren't counted, so that nobody's program can be locked out."""
    return ratelimit.hit("token-network", client_address(request), _PER_ADDRESS, 3600)


def _account(name: str) -> Account | None:
    try:
        return Account.objects.get_by_natural_key(name)
    except (Account.DoesNotExist, Account.MultipleObjectsReturned):
        return None


def client_address(request: HttpRequest) -> str:
    """Return the network address of the caller, as the proxy in front tells it where there is one."""
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        forwarded = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded[:60]
    return str(request.META.get("REMOTE_ADDR") or "local")
