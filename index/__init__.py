"""Documents in, a published index out. Nothing here knows of questions."""
