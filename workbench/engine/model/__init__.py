"""Backbones as ordered stages, heads, and the network that joins them."""
