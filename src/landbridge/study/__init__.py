"""A study folder as frozen values."""
