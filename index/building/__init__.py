"""Documents to a published generation: one module a step."""
