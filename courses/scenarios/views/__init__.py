"""Doors of scenarios."""
