"""Another domain: how far new pictures lie from those of training, and what brings a trained model nearer to them."""
