"""What the report of a run is made of: its scores, its worst pictures, and where it looked."""
