"""Blogs fetched because somebody asked for them by address: kept as files, asked again only for what has changed."""
