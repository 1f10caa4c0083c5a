"""Running: settings, the register of installed parts, and a session that plays cases against one bot."""
