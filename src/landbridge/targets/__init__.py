"""How far targets are and what closes the gap."""
