"""The grounding checker against people: rows that people labelled, the checker's word on each, and how far both agree."""
