"""How far an answer can be believed: temperatures, sets of classes, and pictures unlike anything in training."""
