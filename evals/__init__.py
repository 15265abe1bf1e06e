"""The evaluation: run, score, report."""
