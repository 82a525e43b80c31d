"""What pretraining is worth: one recipe from random weights, frozen, partly frozen and whole, on one split."""
