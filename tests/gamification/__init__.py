"""Tests of points, badges and rankings."""
