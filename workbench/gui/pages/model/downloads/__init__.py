"""The weights on this computer, and those on their way to it."""
