"""Imports, for programs: what came of a file, and what is to be mended in it."""
