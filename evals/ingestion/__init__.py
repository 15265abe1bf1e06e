"""Measurements of ingestion: its speed, its size, and what is left when it is killed."""
