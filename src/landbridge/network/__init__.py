"""Where freight can go: nodes, links, transfers, and edits of them."""
