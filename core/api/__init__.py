"""What all doors of the programming interface share: strict reading, problem details, pages, limits, the schema."""
