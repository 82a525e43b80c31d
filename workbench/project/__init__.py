"""A project on disk and its engine process: no tensor library, no window."""
