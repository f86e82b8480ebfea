"""Reads of the report: the figures that it is made of, and the reports themselves."""
