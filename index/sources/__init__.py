"""Files and folders in, posts out: one reader per format, each bad document set aside with its reason."""

from index.sources.posts import Reading, read_posts

__all__ = ["Reading", "read_posts"]
