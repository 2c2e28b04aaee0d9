"""Results as pages, maps and workbooks."""
