"""The engine: scenarios as data, expectations, personas, and the player that acts and waits."""
