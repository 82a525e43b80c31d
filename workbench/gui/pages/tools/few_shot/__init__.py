"""Few pictures: how good answers get with so many pictures a class."""
