"""From a question to a cited answer: retrieve, write, check."""
