"""Does it pay, for whom, and financed how."""
