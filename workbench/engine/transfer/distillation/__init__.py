"""Learning from another network's answers beside the labels."""
