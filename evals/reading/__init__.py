"""Reading: a sample of a run's answers for a person to judge by eye, and what came of it."""
