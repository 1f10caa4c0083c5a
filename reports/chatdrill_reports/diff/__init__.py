"""What changed between two runs: for a terminal, for machines, and as a page."""
