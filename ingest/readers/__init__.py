"""One module for each kind of file; what they make of it is written down in one notation (`blocks`)."""
