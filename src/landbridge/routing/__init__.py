"""Paths, skims, choice and loading on a network."""
