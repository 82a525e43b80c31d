"""The tool for pictures of another domain: how far they lie apart, what adapting does, and one domain left out."""
