"""The server: `run.serve(assistant)` serves the page and the HTTP API, with the limits that let it stand alone."""
