"""Documents with awkward layout and their known structure: `python -m evals.structure.make` writes `files/`."""
