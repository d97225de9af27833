"""Question in, cited answer out.

>>> from qa import ask
>>> answer = ask("Who founded Sightbit?", index="my-index")    # doctest: +SKIP
"""

from index.filters import Filters
from qa.api import ask, search
from qa.assistant import Assistant
from qa.records import Answer, Citation, Evidence, Passage
from qa.settings import AskSettings

__all__ = ["Answer", "AskSettings", "Assistant", "Citation", "Evidence", "Filters", "Passage", "ask", "search"]
