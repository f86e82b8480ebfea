"""The authors' pages of scenarios."""
