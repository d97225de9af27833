"""This project and others that do its job, side by side on one corpus with the same weights."""
