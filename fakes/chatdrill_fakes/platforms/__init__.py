"""One folder for each messenger; they do not know each other."""
