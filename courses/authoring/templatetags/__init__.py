"""Tags of authoring."""
