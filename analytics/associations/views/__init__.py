"""Doors of the report: its pages, and its numbers as files."""
