"""A smaller model beside the one that taught it, and the same in int8: agreement, accuracy, size and speed."""
