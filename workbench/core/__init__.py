"""What an experiment is: plain data, pydantic and the standard library only."""
