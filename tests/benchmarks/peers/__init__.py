"""What a run costs beside other programs that train on pictures; see `__main__`."""
