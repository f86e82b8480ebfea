"""Pages on which the right answer of a published question is corrected."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from courses.authoring.actions.corrections import Correction, correct_published_key
from courses.authoring.doors import authors
from courses.authoring.forms import CorrectionForm
from courses.authoring.queries import answers as reads
from courses.authoring.views.pages import module_or_404, page
from courses.quizzes.actions import MisfitError
from partners.requests import PersonRequest


@authors
@never_cache
def answers(request: PersonRequest, module_id: uuid.UUID) -> HttpResponse:
    """List the published questions with what counts as right, and what was corrected."""
    module = module_or_404(request, module_id)
    context = {
        "module": module,
        "quizzes": reads.published_quizzes(module),
        "corrections": reads.corrections(module),
    }
    return page(request, "authoring/answers.html", context)


@authors
@never_cache
def correct(
    request: PersonRequest, module_id: uuid.UUID, quiz_version_id: uuid.UUID, key: str
) -> HttpResponse:
    """Correct the right answer of one published question; its attempts are scored again."""
    module = module_or_404(request, module_id)
    found = reads.question(module, quiz_version_id, key)
    if found is None:
        raise Http404
    quiz, question = found
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    right = [option.key for option in question.options if option.right]
    chosen = request.POST.getlist("right") if request.method == "POST" else right
    if request.method == "POST" and form.is_valid():
        if sorted(set(chosen)) == sorted(right):
            form.add_error(None, _("This is the answer that counts already."))
        else:
            try:
                correct_published_key(
                    module_id=module.pk,
                    correction=Correction(
                        quiz.version.pk, question.key, chosen, form.cleaned_data["note"]
                    ),
                    by=request.person.pk,
                )
            except MisfitError:
                form.add_error(None, _("Please mark the right answer, one or, if asked, several."))
            else:
                messages.success(request, _("Corrected. What was answered is being scored again."))
                return redirect("authoring:answers", module.pk)
    context = {
        "form": form,
        "module": module,
        "quiz": quiz,
        "question": question,
        "options": [(option, option.key in chosen) for option in question.options],
    }
    return page(request, "authoring/correct.html", context)
