"""Writes of authoring: drafts, courses and modules, publications."""
