"""Labels that are probably wrong: looking for them, deciding about each, and training again."""
