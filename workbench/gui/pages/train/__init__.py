"""The Train page: recipe, controls, live curves and what became of the run."""
