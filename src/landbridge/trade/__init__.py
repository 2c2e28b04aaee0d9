"""What trade costs and equilibrium say, in numpy."""
