"""Reads of points, rankings, badges, and of what learners did."""
