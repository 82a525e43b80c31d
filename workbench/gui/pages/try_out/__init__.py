"""The Try page: a picture or a folder in, every head's answer out."""
