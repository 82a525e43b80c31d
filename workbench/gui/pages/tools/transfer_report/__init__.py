"""Does transfer help? One recipe with and without pretraining."""
