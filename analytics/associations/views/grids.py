"""The grid: all learning held against all sales, as it was stored at night; each cell opens its report."""

import dataclasses
import uuid
from collections.abc import Iterator, Sequence
from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analytics.associations import actions, figures, grid_words, words
from analytics.associations import grids as making
from analytics.associations.forms import GridForm
from analytics.associations.models import OFFICE, Cell, Grid
from analytics.associations.queries import grids
from analytics.associations.queries.kept import kept
from core.access import allow
from core.months import before
from core.tables import sending, writing
from core.words import month
from partners.models import Person
from partners.queries.client import today
from partners.requests import PersonRequest

_SHADES = (0.05, 0.15, 0.3)
"""From these values on, either way, a cell is shaded once, twice, three times."""

_NAME = "learning-to-sales-grid"

_WIDTHS = (28, 24, 12, 12, 12, 8, 10, 10, 10, 12, 18, 14, 12, 12, 12, 8, 10, 24, 10, 20)


@dataclasses.dataclass(frozen=True)
class Square:
    """A cell as it is drawn: its shade, whether it has a frame, and how it is read aloud."""

    cell: Cell
    look: str
    keep: bool
    spoken: str


@dataclasses.dataclass(frozen=True)
class Shown:
    """Everything that the page of a grid draws."""

    answer: str
    looked: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Square]]]
    lines: Sequence[Cell]
    marked: int
    open: Sequence[str]
    late: Sequence[str]


def shown(viewer: Person, grid: Grid) -> Shown:
    """Return what the page of a grid shows. Three queries."""
    cells = grids.cells(grid)
    found = kept(viewer, grid_words.learning_months(grid)[0], grid.until)
    columns = list(dict.fromkeys((cell.sales, cell.currency) for cell in cells))
    ways = list(dict.fromkeys(cell.learning for cell in cells))
    squares = {(cell.learning, cell.sales, cell.currency): _square(cell) for cell in cells}
    marked = sum(square.keep for square in squares.values())
    return Shown(
        answer=grid_words.answer(grid, cells),
        looked=grid_words.looked(grid, marked),
        heads=[grid_words.sales(*column) for column in columns],
        rows=[
            (str(words.LEARNING[way]), [squares[way, *column] for column in columns])
            for way in ways
        ],
        lines=sorted(cells, key=lambda cell: (cell.q is None, cell.q, -abs(cell.value or 0))),
        marked=marked,
        open=[month(each) for each in found.open],
        late=grid_words.told_late(found.revisions),
    )


def _square(cell: Cell) -> Square:
    return Square(cell, _look(cell), grid_words.is_marked(cell), grid_words.spoken(cell))


def _look(cell: Cell) -> str:
    if cell.value is None:
        return "none"
    shade = sum(abs(cell.value) >= least for least in _SHADES)
    return "h-0" if not shade else f"h-{'p' if cell.value > 0 else 'n'}{shade}"


@allow(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: PersonRequest) -> HttpResponse:
    """The newest grid of the night; before the first one, that there is none yet. Other months are asked for here."""
    viewer = request.person
    form = GridForm(request.POST) if request.method == "POST" else GridForm()
    if form.is_bound and form.is_valid():
        asked = making.ask(actor=viewer, which=form.wanted(today()))
        return redirect("associations:asked_grid", asked.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    found = grids.latest(viewer)
    if found is None:
        return render(request, "associations/grid_none.html", {"form": form}, status=status)
    return _page(request, found, form, status)


@allow(*OFFICE)
@require_safe
def asked_grid(request: PersonRequest, asked_id: uuid.UUID) -> HttpResponse:
    """A grid that was asked for: how far it is, or that it was given up; once it is there, the way to it."""
    asked = grids.asked(request.person, asked_id)
    if asked is None:
        raise Http404
    partly = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    if asked.grid_id:
        there = reverse("associations:grid_of", args=[asked.grid_id])
        return HttpResponse(headers={"HX-Redirect": there}) if partly else redirect(there)
    name = "_asked_grid" if partly else "asked_grid"
    return render(request, f"associations/{name}.html", {"asked": asked, "form": GridForm()})


@allow(*OFFICE)
@require_safe
def grid_of(request: PersonRequest, grid_id: uuid.UUID) -> HttpResponse:
    """One grid, as it was stored."""
    return _page(request, _found(request.person, grid_id), GridForm(), HTTPStatus.OK)


def _found(viewer: Person, grid_id: uuid.UUID) -> Grid:
    found = grids.mine(viewer).filter(pk=grid_id).first()
    if found is None:
        raise Http404
    return found


def _page(request: PersonRequest, found: Grid, form: GridForm, status: int) -> HttpResponse:
    context = {"grid": found, "shown": shown(request.person, found), "form": form}
    return render(request, "associations/grid.html", context, status=status)


@allow(*OFFICE)
@require_POST
def open_cell(request: PersonRequest, grid_id: uuid.UUID, cell_id: int) -> HttpResponse:
    """Ask for the report of a cell, and go there."""
    viewer = request.person
    found = _found(viewer, grid_id)
    cell = found.cells.filter(pk=cell_id).first()
    if cell is None:
        raise Http404
    place = None if viewer.of_client else viewer.organisation_id
    asked = grid_words.question(found, cell, place=place)
    return redirect("associations:report", actions.ask(actor=viewer, question=asked).pk)


@allow(*OFFICE)
@require_safe
def grid_csv(request: PersonRequest, grid_id: uuid.UUID) -> HttpResponse:
    """The grid's numbers as CSV."""
    found = _found(request.person, grid_id)
    return sending.as_csv(_table(found), _NAME, found.day)


@allow(*OFFICE)
@require_safe
def grid_xlsx(request: PersonRequest, grid_id: uuid.UUID) -> HttpResponse:
    """The grid's numbers as a workbook."""
    found = _found(request.person, grid_id)
    return sending.as_excel(_table(found), _NAME, found.day, title=_("Grid"), widths=_WIDTHS)


def _table(found: Grid) -> Iterator[list[writing.Cell]]:
    """Yield the header, and every cell with all that it stands on."""
    yield [
        pgettext("report", "Learning"),
        pgettext("report", "Sales"),
        pgettext("report", "Value"),
        pgettext("report", "Interval from"),
        pgettext("report", "Interval to"),
        pgettext("report", "Reps"),
        pgettext("report", "Companies"),
        "p",
        "q",
        pgettext("report", "Marked"),
        pgettext("report", "Looked at"),
        words.smallest_short(),
        pgettext("report", "Missing (%)"),
        pgettext("report", "Sales from"),
        pgettext("report", "Sales until"),
        pgettext("report", "Lag"),
        pgettext("report", "Evidence grade"),
        pgettext("report", "As of"),
        pgettext("report", "Rules"),
        pgettext("report", "Figures"),
    ]
    for cell in grids.cells(found):
        yield [
            str(words.LEARNING[cell.learning]),
            grid_words.sales(cell.sales, cell.currency),
            *(figures.short(each) for each in (cell.value, cell.low, cell.high)),
            cell.reps,
            cell.partners,
            *(figures.short(each) for each in (cell.p, cell.q)),
            _("yes") if grid_words.is_marked(cell) else "",
            _("1 of %(n)s tested") % {"n": found.tested}
            if not cell.reason
            else grid_words.reason(cell),
            figures.short(cell.smallest),
            float(grid_words.missing(found)),
            f"{found.since:%Y-%m}",
            f"{before(found.until):%Y-%m}",
            f"t+{found.lag}",
            "E" if cell.reason else "D",
            words.stamp(found.as_of),
            found.engine,
            found.inputs[:16],
        ]
