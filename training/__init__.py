"""Training of the models that come with the project; nothing in `index/` or `qa/` imports it."""
