"""The map of a run's pictures: each a point, near where the model sees them alike."""
