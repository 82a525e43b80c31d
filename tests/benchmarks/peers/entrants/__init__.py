"""One file for each way of doing the work: a function `run(work, clock)`; what it imports at its top is not timed.

Networks begin with random weights and learn at any rate: what they come to is nothing, what they cost is measured.
"""
