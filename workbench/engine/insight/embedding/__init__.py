"""Pictures as points: how a run's trained backbone sees them, which lie near each other, and a map of them all."""
