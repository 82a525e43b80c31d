"""Tests of making models smaller."""
