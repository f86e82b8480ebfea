"""Reports of learning and sales, for programs."""
