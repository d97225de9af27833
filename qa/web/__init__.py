"""The chat in the browser: `page.page` shows what an Assistant answers, and adds nothing to it."""

import os

# Read by gradio when it is imported, which only happens below this package: no usage report is sent.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
