"""A language model of the user's own that writes from the passages, and the checks on what it writes."""
