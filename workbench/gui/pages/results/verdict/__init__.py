"""Together or apart: asking for a verdict, watching it, and reading it."""
