"""The reader: a small cross-encoder that reads a question and a few sentences of a passage together."""
