"""Together or apart: one recipe trained on all tasks at once and on each alone, and what the difference is worth."""
