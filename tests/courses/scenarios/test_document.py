"""What comes in is looked at, what goes out comes back to the byte, hashes say what they promise; the map is steady."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.scenarios import layout, reading, writing
from courses.scenarios.document import Document
from courses.scenarios.faults import FaultError
from tests.courses.scenarios.samples import price, publishable


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_what_was_exported_and_imported_is_the_same_to_the_byte(seed: int) -> None:
    for document in (publishable(seed), price(points="best", back="look", pass_mark=60)):
        carried = writing.export(document)
        again = writing.take_in(carried)
        assert again == document
        assert writing.export(again) == carried
        assert writing.doc_sha256(again) == writing.doc_sha256(document)


_NAMES = "key kind text choices to routes when all any not var op const limit seconds".split()  # noqa: SIM905
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["s001", "scene", "="]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(
    _JSON, st.sampled_from(["scenes", "variables", "settings", "explanations", "start", "title"])
)
def test_whatever_comes_is_a_scenario_or_a_fault_with_its_place(raw: object, name: str) -> None:
    for value in (raw, [raw], {"s001": raw}):
        document, place = None, ""
        try:
            document = reading.parse({"schema": 1, name: value})
        except FaultError as fault:
            place = fault.path.split(".")[0]
        assert place in {name, ""}
        assert document is None or writing.take_in(writing.export(document)) == document


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"schema":1,"scenes":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "too_deep"),
        (b"\xff\xfe", "not_utf8"),
        (b"{", "not_json"),
        (b"[]", "not_an_object"),
        (b'{"schema":2}', "bad_schema"),
        (b'{"schema":1,"format":"twee"}', "bad_format"),
        (b'{"schema":1,"title":"\\ud800"}', "bad_sign"),
        (b'{"schema":1,"title":"a\\u0000b"}', "bad_sign"),
        (b'{"schema":1,"title":1.5}', "not_whole"),
        (b'{"schema":1,"title":' + b"9" * 5_000 + b"}", "not_whole"),
        (b'{"schema":1,"run":"script"}', "unknown_field"),
        (json.dumps({"schema": 1, "scenes": [{"key": "s001"}] * 2_001}).encode(), "too_many"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_files_are_refused_in_their_own_words(data: bytes, code: str) -> None:
    with pytest.raises(FaultError) as fault:
        writing.take_in(data)
    assert fault.value.code == code


def _changed(document: Document, **fields: object) -> Document:
    first = dataclasses.replace(document.scenes[0], **fields)
    return dataclasses.replace(document, scenes=(first, *document.scenes[1:]))


def test_wording_and_order_are_not_in_the_graphs_hash_and_all_that_a_run_goes_by_is() -> None:
    document = price()
    graph, whole = writing.graph_sha256(document), writing.doc_sha256(document)
    reworded = _changed(document, text="別の言い方", mood="angry", chapter="1")
    reordered = dataclasses.replace(document, scenes=document.scenes[::-1], explanations={})
    for same in (reworded, reordered):
        assert writing.graph_sha256(same) == graph
        assert writing.doc_sha256(same) != whole
    choice = document.scenes[0].choices[0]
    for fields in (
        {"to": "won1"},
        {"points": 9},
        {"quality": "ok"},
        {"effects": ()},
        {"skills": ()},
    ):
        choices = (dataclasses.replace(choice, **fields), *document.scenes[0].choices[1:])
        assert writing.graph_sha256(_changed(document, choices=choices)) != graph
    assert writing.graph_sha256(price(points="best")) != graph


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30))
def test_on_the_map_no_scene_covers_another_and_each_lies_below_one_that_leads_to_it(
    seed: int, scenes: int
) -> None:
    document = publishable(seed, scenes)
    drawn = layout.layout(document)
    assert drawn == layout.layout(document)
    at = {node.key: node for node in drawn.nodes}
    assert at.keys() == document.by_key.keys()
    assert len({(node.x, node.y) for node in drawn.nodes}) == len(drawn.nodes)
    corners = [(node.x + layout.WIDTH, node.y + layout.HEIGHT) for node in drawn.nodes]
    assert all(node.x >= 0 and node.y >= 0 for node in drawn.nodes)
    assert all(x <= drawn.width and y <= drawn.height for x, y in corners)
    down = {edge.target for edge in drawn.edges if not edge.back}
    assert {node.key for node in drawn.nodes if node.reached} - down == {document.start}
