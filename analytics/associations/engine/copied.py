"""Rows that PostgreSQL copied out, as one array. Pure."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BEGIN, _END = 19, 2
"""Bytes before the first row and after the last one."""

WHOLE, LONG, ID = ">i4", ">i8", "V16"
"""An `int` or a number of days, a `bigint`, a `uuid`."""


def table(data: bytes | bytearray, columns: Mapping[str, str]) -> NDArray[Any]:
    """Return the rows: one field for each column, of its kind."""
    fields: list[tuple[str, str]] = [("_count", ">i2")]
    for name, kind in columns.items():
        fields += [(f"_size_{name}", ">i4"), (name, kind)]
    kinds = np.dtype(fields)
    size = len(data) - _BEGIN - _END
    if size % kinds.itemsize:
        raise ValueError(f"{size} bytes are no rows of {kinds.itemsize}")
    return np.frombuffer(data, kinds, size // kinds.itemsize, _BEGIN)
