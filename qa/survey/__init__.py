"""Who says what: a question put to every post, one row a post by date."""
