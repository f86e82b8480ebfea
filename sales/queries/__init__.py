"""Reads of sales facts."""
