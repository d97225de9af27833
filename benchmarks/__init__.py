"""Measurements and fits: what proves the figures, and what makes the fitted numbers."""
