"""The view of weights that are here and on their way."""
