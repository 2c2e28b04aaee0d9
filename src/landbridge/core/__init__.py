"""Values that every part of landbridge shares: problems, columns, tables, labels, matrices, digests."""
