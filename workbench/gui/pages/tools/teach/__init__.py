"""Add to a model: pictures, classes and tasks that come later, and what is forgotten by them."""
