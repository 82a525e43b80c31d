"""Sample efficiency: how good answers get with so many pictures a class, without any training."""
