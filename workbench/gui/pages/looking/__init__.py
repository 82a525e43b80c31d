"""Where a head looked: the window behind an answer, on the Try and the Results page."""
