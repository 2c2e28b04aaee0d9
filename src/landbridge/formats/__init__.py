"""Other people's files, to and from our values."""
