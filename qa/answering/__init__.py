"""Passages retrieved and ranked, sentences chosen, confidence, and quotes made proven citations."""
