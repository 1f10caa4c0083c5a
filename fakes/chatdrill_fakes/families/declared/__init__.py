"""What a fake needs that is declared in a file: the file with its lines, templates, places in requests, signatures."""
