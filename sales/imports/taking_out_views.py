"""Pages and files that tell of an import: what is to be mended, what an undo left; and facts taken out."""

import tempfile
import uuid

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import allow
from core.tables import writing
from partners.requests import PersonRequest
from sales.imports import exporting, queries, words
from sales.imports.forms import ExportForm
from sales.imports.models import KEEPERS
from sales.imports.views import file_or_404, keeper_or_404


@allow(*KEEPERS)
@require_safe
def troubles(request: PersonRequest, import_id: uuid.UUID) -> HttpResponse:
    """List what is to be mended, page by page. Four queries."""
    file = file_or_404(request, import_id)
    page = queries.troubles_page(file, request.GET.get("page"))
    context = {"file": file, "page": page}
    context["troubles"] = [words.explain(each, file) for each in page.object_list]
    return render(request, "imports/troubles.html", context)


@allow(*KEEPERS)
@require_safe
def troubles_file(request: PersonRequest, import_id: uuid.UUID) -> HttpResponse:
    """What is to be mended, as a file."""
    file = file_or_404(request, import_id)
    heads = [_("Row"), _("Column"), _("What stands there"), _("Problem"), _("How to mend it")]
    told = (words.explain(each, file) for each in queries.troubles(file))
    lines = [heads, *([str(t.row), t.column, t.value, t.what, t.mend] for t in told)]
    response = HttpResponse(writing.to_csv(lines), content_type=writing.CSV_TYPE)
    response["Content-Disposition"] = _attachment(_("problems"), "csv")
    return response


def _attachment(name: str, form: str) -> str:
    filename = f"{name}-{timezone.localdate().isoformat()}.{form}"
    return content_disposition_header(as_attachment=True, filename=filename) or ""


@allow(*KEEPERS)
@require_safe
def kept(request: PersonRequest, import_id: uuid.UUID) -> HttpResponse:
    """List what an undo left, since something wrote it later. Five queries."""
    file = file_or_404(request, import_id)
    page = queries.kept_page(request.person, file, request.GET.get("page"))
    return render(request, "imports/kept.html", {"file": file, "page": page})


@allow(*KEEPERS)
@require_safe
def export(request: PersonRequest) -> HttpResponse | FileResponse:
    """Take a source's deals or counts out, as a file that changes nothing when it is brought back."""
    keeper_or_404(request)
    form = ExportForm(request.GET, sources=queries.sources())
    if not form.is_valid():
        raise Http404
    data = form.cleaned_data
    language = "en" if (translation.get_language() or "ja").startswith("en") else "ja"
    lines = exporting.rows(
        source_id=uuid.UUID(data["source"]), grain=data["grain"], language=language
    )
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    title = str(words.GRAINS[data["grain"]])
    exporting.write(lines, out, form=data["form"], title=title)
    out.seek(0)
    kind = writing.EXCEL_TYPE if data["form"] == "xlsx" else writing.CSV_TYPE
    response = FileResponse(out, content_type=kind)
    response["Content-Disposition"] = _attachment(title, data["form"])
    return response
