"""Pictures, videos and captions: checked, made fit, stored under the hash of their content."""
