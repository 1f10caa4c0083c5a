"""What the bot asks: the Graph API of one Page and its app."""
