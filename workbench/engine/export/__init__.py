"""A run's model in formats that other programs read, with the proof that it answers the same."""
