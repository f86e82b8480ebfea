"""The door to what is shown of oneself: picture, name, language, look, password, sign-out."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from core import language
from core.access import allow
from core.mediafiles.errors import MediaError
from partners.actions import profile as writes
from partners.forms.profile import LookForm, PictureForm, ProfileForm
from partners.problems import Problem
from partners.requests import PersonRequest
from partners.views.pages import mend, page

_YEAR = 60 * 60 * 24 * 365


def _show(
    request: PersonRequest, form: ProfileForm | None = None, picture: PictureForm | None = None
) -> HttpResponse:
    account = request.person.account
    context = {
        "form": form or ProfileForm(initial=ProfileForm.of(request.person) | _spoken(request)),
        "picture": picture or PictureForm(),
        "has_password": account is not None and account.has_usable_password(),
    }
    return page(request, "partners/profile.html", context)


def _spoken(request: PersonRequest) -> dict[str, str]:
    return {"language": translation.get_language() or settings.LANGUAGE_CODE}


@allow("person")
def profile(request: PersonRequest) -> HttpResponse:
    """Show one's own profile, and save name, reading and language."""
    form = ProfileForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _show(request)
    if form.is_valid():
        try:
            writes.edit_profile(person=request.person, details=form.details())
        except Problem as problem:
            mend(form, problem)
        else:
            return _saved(request, form.cleaned_data["language"])
    return _show(request, form=form)


def _saved(request: PersonRequest, code: str) -> HttpResponse:
    """Go on in the chosen language, which this browser keeps as well."""
    with translation.override(code):
        messages.success(request, _("Saved."))
    response = redirect("partners:profile")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=bool(settings.LANGUAGE_COOKIE_SECURE),
    )
    return response


@allow("person")
def picture(request: PersonRequest) -> HttpResponse:
    """Take a picture of oneself, or take it away."""
    if request.method != "POST":
        return redirect("partners:profile")
    if request.POST.get("remove"):
        writes.remove_picture(person=request.person)
        messages.success(request, _("Your picture is gone."))
        return redirect("partners:profile")
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["picture"]
        try:
            writes.set_picture(person=request.person, file=file, name=file.name or "")
        except MediaError as error:
            form.add_error("picture", error.message)
        else:
            messages.success(request, _("That's your new picture."))
            return redirect("partners:profile")
    return _show(request, picture=form)


@allow("person")
def look(request: PersonRequest) -> HttpResponse:
    """Keep the choice of light or dark in a cookie; without one the device decides."""
    response = redirect("partners:profile")
    form = LookForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return response
    theme = form.cleaned_data["theme"]
    if theme:
        secure = bool(settings.LANGUAGE_COOKIE_SECURE)
        response.set_cookie("theme", theme, max_age=_YEAR, samesite="Lax", secure=secure)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@language.keeper
def keep_language(request: object, code: str) -> None:
    """Keep a choice of the language made anywhere, for the next phone as well."""
    person = getattr(request, "person", None)
    if person is not None:
        writes.choose_language(person=person, language=code)
