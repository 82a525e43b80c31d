"""Carrying over what a backbone knows: which to take, and making one from formulas."""
