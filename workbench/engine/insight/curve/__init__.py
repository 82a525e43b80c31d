"""Would more pictures help? How good a simple probe gets with the number of its training pictures, and beyond it."""
