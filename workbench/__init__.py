"""Fine-tune pretrained image models by pointing and clicking."""

__version__ = "0.1.0"
