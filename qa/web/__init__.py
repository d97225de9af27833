"""The page in the browser: `page.page` shows what an Assistant answers, and adds nothing to it."""

from qa.web.gradio_import import import_gradio

import_gradio()
