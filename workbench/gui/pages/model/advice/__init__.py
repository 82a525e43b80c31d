"""Which backbone suits the pictures: asking, watching, and the table of what was measured."""
