"""Doors for scripts: of our own pages, and of programs elsewhere."""
