"""Readers of exports, one module each. Third parties add theirs as entry points of the group ``chatdrill.readers``."""
