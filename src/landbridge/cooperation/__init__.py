"""Who gains, what holds together, and in which order to act."""
