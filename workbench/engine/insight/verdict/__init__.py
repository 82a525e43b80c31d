"""Together or apart: the same recipe trained on all tasks at once and on each alone, and what the difference is worth."""
