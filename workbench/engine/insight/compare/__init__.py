"""Runs compared on the same pictures: scores with their doubt, differences, and where the answers differ."""
