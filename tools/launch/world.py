"""What `.state` keeps: database, files, and whether it is the demo world or a company's own.

What has not changed since the last start is not done again: a second start takes seconds.
"""

import shutil
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from tools.launch.console import Problem, step
from tools.launch.options import Options
from tools.launch.places import ROOT, Places, fingerprint
from tools.launch.programs import manage
from tools.launch.services import Services

_APPS = ("core", "partners", "courses", "sales", "gamification", "analytics", "lms")
_LANGUAGES = {"ja": "Japanese", "en": "English"}


def agree(options: Options, places: Places) -> None:
    """Refuse what would surprise: a demo world in the wrong language, the loss of own data."""
    kept = places.read("choices")
    world = kept.get("world")
    if options.reset:
        if world == "own" and sys.stdin.isatty():
            said = input("  This erases your own company's data. Type `erase` to go on: ")
            if said.strip() != "erase":
                raise Problem("Nothing was erased.")
        return
    if options.empty and world == "demo":
        raise Problem("The demo world is there already. `./run --reset --empty` begins without it.")
    if options.lang and world == "demo" and options.lang != kept.get("lang"):
        language = _LANGUAGES[kept["lang"]]
        anew = f"`./run --reset --lang {options.lang}` makes it anew."
        raise Problem(f"The demo world is in {language}. {anew}")


def erase(places: Places, services: Services) -> None:
    """Remove database, queues and uploads; the port and the secret stay."""
    services.erase()
    shutil.rmtree(places.state / "media", ignore_errors=True)
    for name in ("stamps.json", "beat-schedule"):
        (places.state / name).unlink(missing_ok=True)
    kept = places.read("choices")
    places.write("choices", {key: kept[key] for key in kept.keys() & {"port"}})


def make_ready(
    places: Places,
    services: Services,
    options: Options,
    environment: Mapping[str, str],
    *,
    fresh: bool,
) -> None:
    """Bring database and static files up to date, and fill an empty database with the demo."""
    stamps = {} if fresh else places.read("stamps")
    now = {"database": code_print(), "static": static_print()}
    with ThreadPoolExecutor() as pool:
        static = None
        if now["static"] != stamps.get("static"):
            static = pool.submit(manage, ["collectstatic", "--noinput"], environment, places.logs)
        if now["database"] != stamps.get("database"):
            with step("Bring the database up to date"):
                if services.postgres:
                    manage(["provision"], environment, places.logs)
                manage(["migrate", "--noinput"], environment, places.logs)
        if static:
            with step("Collect the static files"):
                static.result()
    places.write("stamps", now)
    _choose_world(places, options, environment)


def first_words(places: Places) -> str:
    """Return what to do first with the world that is there."""
    if places.read("choices").get("world") == "demo":
        return "The first page lists the people of the demo world: one click signs you in."
    return "The first page leads through the set-up of your company."


def code_print() -> str:
    """Return a print of all that a migration, or what runs after it, may depend on."""
    return fingerprint(ROOT / "requirements.txt", *_files("*.py"))


def static_print() -> str:
    """Return a print of all files that `collectstatic` looks at."""
    parts = []
    for path in _files("static/**/*"):
        found = path.stat()
        parts.append(f"{path} {found.st_size} {found.st_mtime_ns}")
    return fingerprint(ROOT / "requirements.txt", ROOT / "lms" / "settings.py", *parts)


def _choose_world(places: Places, options: Options, environment: Mapping[str, str]) -> None:
    kept = places.read("choices")
    if kept.get("world") or _is_inhabited(environment):
        return
    if options.empty:
        places.write("choices", {**kept, "world": "own"})
        return
    lang = options.lang or "ja"
    with step("Make the demo world: 320 reps, 18 months of learning"):
        manage(["demo", f"--lang={lang}"], environment, places.logs)
    places.write("choices", {**kept, "world": "demo", "lang": lang})


def _is_inhabited(environment: Mapping[str, str]) -> bool:
    """Say whether an organisation exists. The owner, too, sees rows only in a scope."""
    address = environment["DATABASE_OWNER_URL"]
    with psycopg.connect(address, options="-c app.scope=client") as connection:
        found = connection.execute("SELECT EXISTS (SELECT FROM partners_organisation)").fetchone()
    return bool(found and found[0])


def _files(pattern: str) -> Iterable[Path]:
    found = (path for app in _APPS for path in (ROOT / app).rglob(pattern))
    return sorted(path for path in found if path.is_file())
