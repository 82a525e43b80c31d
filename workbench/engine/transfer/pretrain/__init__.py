"""Pretraining a backbone on pictures that are drawn from formulas: no photograph, no licence, no network."""
