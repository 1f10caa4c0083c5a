"""What the bot is told: acts of customers and events of Meta's, as elements of a webhook."""
