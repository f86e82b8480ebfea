"""Measurements, run by hand: `.venv/bin/python -m bench.attempt`. See bench/README.md."""
