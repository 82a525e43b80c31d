"""The tool "A smaller model"."""
