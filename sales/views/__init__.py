"""Doors of sales figures."""
