"""JSON that nobody should send, each with the answers that may follow."""

import json

DEEP, DEEPER = 5_000, 100_000


def _nested(depth: int) -> bytes:
    return b'{"x":' + b"[" * depth + b"]" * depth + b"}"


def _objects(depth: int) -> bytes:
    return b'{"x":' * depth + b"1" + b"}" * depth


BODIES: dict[str, tuple[bytes, int, set[str]]] = {
    "nested 5,000 deep": (_nested(DEEP), 400, {"json_too_deep"}),
    "objects 5,000 deep": (_objects(DEEP), 400, {"json_too_deep"}),
    "nested 100,000 deep": (_nested(DEEPER), 400, {"json_too_deep", "too_large"}),
    "NUL in a value": (b'{"x": "a\\u0000b"}', 400, {"bad_text"}),
    "NUL in a value far inside": (b'{"x": [{"y": ["\\u0000"]}]}', 400, {"bad_text"}),
    "NUL in a key": (b'{"a\\u0000b": 1}', 400, {"bad_text"}),
    "half of a pair in a value": (b'{"x": "\\ud800"}', 400, {"bad_text"}),
    "half of a pair in a key": (b'{"\\udfff": 1}', 400, {"bad_text"}),
    "NaN": (b'{"x": NaN}', 400, {"bad_json"}),
    "Infinity": (b'{"x": -Infinity}', 400, {"bad_json"}),
    "1e400": (b'{"x": 1e400}', 400, {"bad_json"}),
    "a number of 4,000 digits": (b'{"x": ' + b"9" * 4000 + b"}", 400, {"bad_json"}),
    "a number beyond 2^53": (b'{"x": 9007199254740993}', 400, {"bad_json"}),
    "a number below -2^53": (b'{"x": -9007199254740993}', 400, {"bad_json"}),
    "201 keys": (
        json.dumps({f"k{n}": n for n in range(201)}).encode(),
        400,
        {"too_many_keys"},
    ),
    "200,000 keys": (
        json.dumps({f"k{n}": 0 for n in range(200_000)}).encode(),
        413,
        {"too_large"},
    ),
    "3 MB": (b'{"x": "' + b"a" * 3_000_000 + b'"}', 413, {"too_large"}),
    "a field named twice": (b'{"x": 1, "x": 2}', 400, {"named_twice"}),
    "a field named twice inside": (b'{"x": [{"y": 1, "y": 1}]}', 400, {"named_twice"}),
    "the last of 10,000 fields twice": (
        ("{" + "".join(f'"k{n}":0,' for n in range(10_000)) + '"k9999":0}').encode(),
        400,
        {"named_twice"},
    ),
    "UTF-16": ('{"x": "a"}'.encode("utf-16"), 400, {"bad_json"}),
    "CP932": ('{"x": "髙"}'.encode("cp932"), 400, {"bad_json"}),
    "a mark before it": (b'\xef\xbb\xbf{"x": 1}', 400, {"bad_json"}),
    "a list": (b"[]", 400, {"bad_json"}),
    "a text": (b'"x"', 400, {"bad_json"}),
    "nothing": (b"", 400, {"bad_json", "unsupported_media_type"}),
    "half of it": (b'{"x": [1, 2', 400, {"bad_json"}),
}
