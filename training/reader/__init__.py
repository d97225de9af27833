"""Trains the reader: data listing, hard negatives, model, training, measurement and export; see docs/reader.md."""
