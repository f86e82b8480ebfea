"""Worlds whose truth is known, and whether the report finds it in them: `python -m bench.worlds`."""
