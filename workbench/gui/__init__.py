"""The window: Qt, and never the tensor library or the engine, which live in child processes."""
