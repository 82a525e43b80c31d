"""Blend: between pretrained and trained weights, and averages of runs."""
