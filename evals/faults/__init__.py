"""Planted faults: right answers are made wrong in known ways, to see what the scoring finds and what it finds where nothing is."""
