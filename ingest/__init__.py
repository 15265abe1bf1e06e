"""From files to a searchable index: read, section, split, embed, index."""
