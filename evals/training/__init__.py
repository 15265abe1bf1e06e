"""Scripts that made the shipped weights."""
