"""Generations on disk: locks, publishing, recovery, history, and the store of posts."""
