"""Models that go on learning: tasks, classes and pictures that come later, and what is forgotten by them."""
