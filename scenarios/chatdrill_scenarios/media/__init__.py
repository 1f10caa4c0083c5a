"""Sample media of the shipped scenarios; `index.toml` describes them."""
