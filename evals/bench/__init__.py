"""Public sets that other people made: the assistant's own search and answers beside the plain recipe."""
