"""What several platforms of one vendor share. A family knows no platform."""
