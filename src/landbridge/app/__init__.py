"""Results that answer back in a browser."""
