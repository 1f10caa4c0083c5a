"""The calls of the Ticketing API v2."""
