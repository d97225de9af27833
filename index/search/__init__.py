"""The searchable structures of an index: BM25, vectors, similar posts and the map's projection."""
