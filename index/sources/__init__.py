"""Files and folders to posts: one reader a format; `index.sources.read.read_posts` is the way in.

Nothing is imported here: the readers' libraries take a while to load, and a question needs only `text`.
"""
