"""Mail over SMTP: a server that bots send their mail to, and a client that brings them mail."""
