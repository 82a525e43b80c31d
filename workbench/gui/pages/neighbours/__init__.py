"""The training pictures most like a picture, on the Try and the Results page."""
