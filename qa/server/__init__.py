"""The doors over HTTP: `run.serve(assistant)` serves the page and the API, with the limits that let it stand alone."""
