"""Would more pictures help? The learning curve of a run."""
