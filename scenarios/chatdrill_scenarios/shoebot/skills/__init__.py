"""What the bot can do. Each skill works on a `Turn`; none of them does any I/O."""
