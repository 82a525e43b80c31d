"""Tests of learning from another network."""
