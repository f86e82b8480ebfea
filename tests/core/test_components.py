"""The parts every page is made of: their rules, their words, their weight."""

import gzip
import re
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from core.templatetags.ui import clock, icon_names
from tools import build_css

ROOT = Path(__file__).resolve().parents[2]
APPS = [ROOT / name for name in ("core", "partners", "courses", "gamification", "analytics", "lms")]
TEMPLATES = sorted(path for app in APPS for path in app.rglob("templates/**/*.html"))
COMPONENTS = sorted((ROOT / "core" / "templates" / "components").glob("*.html"))
SCRIPTS = sorted(
    path for app in APPS for path in app.rglob("static/**/*.js") if "vendor" not in path.parts
)
STATIC = ROOT / "core" / "static" / "core"


def render(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_a_component_is_short_and_names_its_variables(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    comment = " ".join(line for line in lines if line.startswith("{#"))
    assert len(lines) <= 40
    assert "Variables:" in comment or "No variables" in comment


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_keep_to_the_content_security_policy(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(
        r'<style|\sstyle="|\son[a-z]+="|hx-on|hx-trigger="[^"]*\[|"js:|javascript:', text
    )
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_symbol_a_template_names_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    named = re.findall(r'\{% icon "([\w-]+)"', text) + re.findall(
        r'\bicon(?:_after)?="([\w-]+)"', text
    )
    assert set(named) <= icon_names()


@pytest.mark.parametrize("name", build_css.SHEETS)
def test_the_committed_style_sheets_are_fresh(name: str) -> None:
    assert (STATIC / name).read_text("utf-8") == build_css.build(name)


def test_every_part_of_the_style_sheet_is_built_in() -> None:
    parts = {
        str(p.relative_to(build_css.PARTS).with_suffix("")) for p in build_css.PARTS.rglob("*.css")
    }
    assert parts == {part for sheet in build_css.SHEETS.values() for part in sheet}


def test_the_frame_leaves_room_for_content_in_a_page_of_60_kb() -> None:
    frame = [STATIC / "tomoni.css", STATIC / "icons.svg", STATIC / "js" / "ui.js"]
    frame += (STATIC.parent / "vendor").glob("htmx@*/htmx.min.js")
    assert sum(len(gzip.compress(path.read_bytes())) for path in frame) <= 30_000


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_scripts_evaluate_nothing(path: Path) -> None:
    assert not re.search(
        r"\beval\(|new Function|innerHTML|insertAdjacentHTML", path.read_text("utf-8")
    )


def test_a_symbol_is_hidden_from_readers_unless_it_stands_alone() -> None:
    assert 'aria-hidden="true"' in render('{% icon "home" %}')
    assert 'role="img" aria-label="Home"' in render('{% icon "home" label="Home" %}')


def test_an_unknown_symbol_is_noticed() -> None:
    with pytest.raises(ValueError, match="unicorn"):
        render('{% icon "unicorn" %}')


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(None, "0:00"), (0, "0:00"), (84, "1:24"), (83.9, "1:23"), (3723, "1:02:03")],
)
def test_clock_reads_like_a_player(seconds: "float | None", shown: str) -> None:
    assert clock(seconds) == shown


class Example(forms.Form):
    """One field of each kind that is drawn in its own way."""

    email = forms.EmailField(help_text="Where the invitation goes.")
    secret = forms.CharField(widget=forms.PasswordInput)
    note = forms.CharField(widget=forms.Textarea, required=False)
    way = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agree = forms.BooleanField()


def test_a_field_says_what_is_wrong_where_it_is_wrong() -> None:
    html = render("{% field form.email %}", form=Example({"email": "<b>@"}))
    control = re.search(r"<input[^>]*>", html)
    assert control
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="id_email_helptext id_email_error"' in control[0]
    assert 'id="id_email_helptext"' in html
    assert 'id="id_email_error"' in html
    assert "&lt;b&gt;@" in html


def test_a_group_of_choices_has_a_legend_and_its_error() -> None:
    html = render("{% field form.way %}", form=Example({}))
    assert html.count("<legend>") == 1
    assert re.search(r'<fieldset[^>]*aria-describedby="id_way_error"', html)
    assert html.count('type="radio"') == 2


def test_only_what_may_stay_empty_is_marked() -> None:
    with translation.override("en"):
        drawn = {bound.name: render("{% field bound %}", bound=bound) for bound in Example()}
    assert [name for name, html in drawn.items() if "(optional)" in html] == ["note"]


def test_a_list_s_filters_are_not_marked() -> None:
    with translation.override("en"):
        html = render(
            '{% include "components/filters.html" with form=form active=0 only %}', form=Example()
        )
    assert 'name="note"' in html
    assert "(optional)" not in html


def test_further_words_become_attributes_of_the_input() -> None:
    html = render('{% field form.note rows=3 css="input-mono" %}', form=Example())
    assert 'rows="3"' in html
    assert 'class="input input-mono"' in html


def test_the_error_summary_links_to_each_field_and_takes_the_focus() -> None:
    form = Example({"email": "x@example.jp", "secret": "y", "way": "a"})
    form.add_error(None, "Both can't be.")
    html = render("{% error_summary form %}", form=form)
    assert re.findall(r'href="#([\w-]+)"', html) == ["id_agree"]
    assert "Both can&#x27;t be." in html
    assert "data-focus" in html
    assert 'role="alert"' in html


def test_there_is_no_summary_without_errors() -> None:
    assert "role" not in render("{% error_summary form None %}", form=Example())


class Brought(forms.Form):
    """A file alone."""

    file = forms.FileField()
    base = forms.CharField(widget=forms.HiddenInput, required=False)


class Named(Brought):
    """A file with something to be typed."""

    title = forms.CharField(max_length=3)


@pytest.mark.parametrize(
    ("form", "sends_a_file", "said"),
    [
        (Example, False, "All but the password is still here."),
        (Brought, True, ""),
        (Brought, False, ""),
        (Named, True, "All but the file is still here. Please choose it again."),
        (Named, False, "What you typed is still here."),
    ],
)
def test_the_error_summary_says_what_of_a_form_is_still_here(
    form: type[forms.Form], sends_a_file: bool, said: str
) -> None:
    files = {"file": SimpleUploadedFile("a.csv", b"")} if sends_a_file else {}
    with translation.override("en"):
        html = render("{% error_summary form %}", form=form({"title": "long"}, files))
    assert re.findall(r'<p class="s dim"[^>]*>(.*?)</p>', html) == ([said] if said else [])


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_style_guide_shows_every_component(language: str) -> None:
    request = RequestFactory().get("/styleguide/")
    with translation.override(language):
        html = render_to_string("core/styleguide.html", request=request)
    assert f'<html lang="{language}"' in html
    assert ("ともに" in html) == (language == "ja")
    guide = "".join(p.read_text("utf-8") for p in TEMPLATES if "styleguide" in str(p)) + "{% field"
    reached = set(re.findall(r"components/([\w-]+)\.html", guide)) | {"field", "error_summary"}
    frame = "".join(p.read_text("utf-8") for p in COMPONENTS if p.stem in reached | {"top_mine"})
    frame += (ROOT / "core" / "templates" / "base.html").read_text("utf-8")
    reached |= set(re.findall(r"components/([\w-]+)\.html", frame))
    assert {path.stem for path in COMPONENTS} <= reached


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503", "offline"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_error_pages_need_no_request_and_no_database(name: str, language: str) -> None:
    with translation.override(language):
        html = render_to_string(f"{name}.html")
    assert html.count("<h1") == 1
    assert "<main" in html
    assert "csrfmiddlewaretoken" not in html
    assert ("ともに</title>" in html) == (language == "ja")
