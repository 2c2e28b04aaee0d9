"""Commands that build the shipped data, pages and pictures anew."""
