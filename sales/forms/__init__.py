"""What doors of sales figures accept."""
