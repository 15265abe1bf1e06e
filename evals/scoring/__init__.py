"""Scoring: an answer is judged fact by fact, statement by statement and citation by citation, with a reason for every miss."""
