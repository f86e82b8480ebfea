"""What comes in and goes out: sizes, texts, files, passwords, addresses."""

from bench.guards.shape import Edit, Guard, guard

_TEXTS = "courses/catalog/richtext.py"
_OF_TEXTS = "tests/courses/catalog/test_richtext.py"
_NH3 = Edit(_TEXTS, "clean = nh3.clean(", "clean = (lambda html, **_: html)(")
_BODY = "core/jsonbody.py"
_PICTURES = "core/mediafiles/pictures.py"
_ADDRESSES = "partners/webhooks/addresses.py"
_BODIES = ("tests/api/test_limits.py", "tests/courses/authoring/test_broken.py")

GUARDS = (
    Guard(
        "texts: what is typed as HTML stays text",
        (
            _NH3,
            Edit(_TEXTS, 'escape(str(node.get("text", "")))', 'str(node.get("text", ""))'),
        ),
        (f"{_OF_TEXTS}::test_html_in_text_stays_text",),
        held_by="nh3",
    ),
    Guard(
        "texts: links lead to known places",
        (_NH3, Edit(_TEXTS, "if _leads_somewhere(href):", "if True:")),
        (f"{_OF_TEXTS}::test_links_go_to_known_places_only",),
        held_by="nh3",
    ),
    guard(
        "texts: not too deep",
        _TEXTS, "if depth > MAX_DEPTH:", "if False:",
        _OF_TEXTS,
    ),
    Guard(
        "JSON: most bytes",
        (
            Edit(_BODY, "if (announced(request) or 0) > limit:", "if False:"),
            Edit(_BODY, "if len(raw) > limit:", "if False:"),
        ),
        _BODIES,
        held_by="the length that is declared",
    ),
    Guard("JSON: depth", (Edit(_BODY, "    _check(value, 1, depth)\n", ""),), _BODIES),
    Guard(
        "JSON: a field named twice",
        (Edit(_BODY, "if len(found) < len(pairs):", "if False:"),),
        _BODIES,
    ),
    guard(
        "ids: written as we write them",
        "core/ids.py", "not WRITTEN.fullmatch(text)", "False",
        "tests/hostile/test_json.py",
    ),
    guard(
        "addresses: nothing that no text holds",
        "core/addresses.py", "            check_text(text)\n", "            pass\n",
        "tests/hostile/test_addresses.py",
    ),
    guard(
        "addresses: a page's number is one",
        "core/addresses.py", 'if name == "page" and', "if not name and",
        "tests/hostile/test_addresses.py",
    ),
    guard(
        "sessions: a key that we could have made",
        "core/sessions.py",
        "return bool(key) and _KEY.fullmatch(str(key)) is not None", "return bool(key)",
        "tests/hostile/test_addresses.py",
    ),
    guard(
        "days: within a calendar",
        "core/formfields.py", "not FIRST_YEAR <= day.year <= LAST_YEAR", "False",
        "tests/hostile/test_days.py",
    ),
    guard(
        "logs: no more than 200 signs of others",
        "core/logs.py", "event[name] = shown(value)", "event[name] = value",
        "tests/hostile/test_text.py",
    ),
    guard(
        "texts: brackets cost what they are long",
        "courses/catalog/richtext.py", "“‘]{0,8})<dfn>", "“‘]*)<dfn>",
        "tests/hostile/test_work.py",
    ),
    guard(
        "pictures: most frames",
        "core/mediafiles/pictures.py",
        'getattr(image, "n_frames", 1) > PICTURE_FRAMES', "False",
        "tests/hostile/test_files.py",
    ),
    guard(
        "uploads: most bytes",
        "core/mediafiles/resumable.py", "if announced.size > most:", "if False:",
        "tests/core/test_tus.py",
    ),
    Guard(
        "uploads: no more than was announced",
        (
            Edit("core/views/tus.py", "if offset + length > row.size:", "if False:"),
            Edit(
                "core/mediafiles/resumable.py",
                "if there == offset and offset + len(piece) <= upload.size:", "if there == offset:",
            ),
        ),
        ("tests/core/test_tus.py",),
        held_by="the writing of the piece",
    ),
    guard(
        "uploads: somebody else's does not exist",
        "core/mediafiles/resumable.py",
        "filter(pk=upload_id, person_id=person_id)", "filter(pk=upload_id)",
        "tests/core/test_tus.py",
    ),
    Guard(
        "pictures: most pixels",
        (
            Edit(_PICTURES, "if image.width * image.height > PICTURE_PIXELS:", "if False:"),
            Edit(_PICTURES, "MAX_IMAGE_PIXELS = PICTURE_PIXELS", "MAX_IMAGE_PIXELS = None"),
        ),
        ("tests/core/test_pictures.py",),
        held_by="Pillow's own limit",
    ),
    guard(
        "tables: no cell is a formula",
        "core/tables/escaping.py", "return f\"'{text}\" if _RUNS.match(text) else text", "return text",
        "tests/core/tables/test_roundtrip.py::test_no_cell_of_a_csv_is_a_formula",
    ),
    guard(
        "sign-in: ten tries",
        "partners/guessing.py", "TRIES = 10\n", "TRIES = 10_000\n",
        "tests/partners/test_signing_in.py",
    ),
    guard(
        "sign-in: a link works once",
        "partners/actions/links.py", "used_at__isnull=True, ", "",
        "tests/partners/test_links.py",
    ),
    guard(
        "a limit of tries limits",
        "core/ratelimit.py", "allowed=hits <= limit,", "allowed=True,",
        "tests/core/test_ratelimit.py",
    ),
    guard(
        "webhooks: the body is signed",
        "partners/webhooks/signing.py", "sign(message_id, second, body)", 'sign(message_id, second, "")',
        "tests/partners/webhooks/test_signing.py",
    ),
    guard(
        "webhooks: no private address",
        _ADDRESSES, "or not address.is_global:", "or False:",
        "tests/partners/webhooks/test_addresses.py",
    ),
    guard(
        "webhooks: no address in disguise",
        _ADDRESSES, "return not any(", "return True or any(",
        "tests/partners/webhooks/test_addresses.py",
    ),
    guard(
        "webhooks: names are looked at once resolved",
        "partners/webhooks/posting.py",
        "if not all(addresses.may_connect(", "if False and not all(addresses.may_connect(",
        "tests/partners/webhooks/test_posting.py",
    ),
    guard(
        "API: a browser's changes need its CSRF token",
        "core/api/doors.py", "            self.enforce_csrf(request)\n", "            pass\n",
        "tests/api/test_limits.py",
    ),
    guard(
        "API: so many requests a minute",
        "core/api/doors.py", "return bool(view.verdict.allowed)", "return True",
        "tests/api/test_limits.py",
    ),
    guard(
        "people: one administrator stays",
        "partners/actions/guards.py", 'if person.has_role("admin") and not others.exists():', "if False:",
        "tests/partners/test_people.py",
    ),
    guard(
        "threads: an organisation has a share",
        "lms/turns.py", "return own < self._share(organisation, large=large)", "return True",
        "tests/lms/test_turns.py::test_another_one_s_request_begins_at_once",
        "tests/lms/test_fair.py",
    ),
    guard(
        "threads: one stays for strangers",
        "lms/turns.py",
        "if busy + large_busy - strangers >= max(1, self.threads - 1):", "if False:",
        "tests/lms/test_turns.py::test_strangers_always_find_a_thread",
    ),
)  # fmt: skip
