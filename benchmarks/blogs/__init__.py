"""This project and others that do its job, side by side over all corpora at hand, on the same chunks and weights."""
