"""What the Bot Connector and those who speak its words have in common: tokens, the login service, errors."""
