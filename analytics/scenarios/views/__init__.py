"""Pages of what people did in scenarios: all of them, one with its map, the runs behind a number."""
