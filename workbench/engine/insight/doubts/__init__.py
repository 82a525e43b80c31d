"""Labels that simple probes disagree with, and near-identical pictures that speak against them."""
