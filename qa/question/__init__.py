"""A question understood: its type, spelling, language, terms and vector, and what earlier turns add to it."""
