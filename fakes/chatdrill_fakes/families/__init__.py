"""What several platforms or desks share. A family knows none of them."""
