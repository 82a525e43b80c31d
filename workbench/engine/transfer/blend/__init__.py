"""Models made of others' weights: points between two ends (WiSE-FT), and averages of several runs (model soups)."""
