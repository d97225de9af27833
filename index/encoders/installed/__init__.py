"""Encoders that a user adds by name: made, checked, listed."""
