"""The Results page: scores of a run, the pictures behind them, and runs side by side."""
