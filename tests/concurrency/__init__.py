"""Races, each first shown with real threads on real connections."""
