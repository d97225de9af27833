"""A page open in a real browser, and what a person does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    StaleElementReferenceException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

ENTRY = "body.pq-whole #pq-question-box textarea"  # shown when the page is whole


class Visit:
    """A page open in a browser."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver = driver
        self.address = address
        driver.get(address)
        self.wait(lambda: self.all(ENTRY))

    @property
    def entry(self) -> WebElement:
        """Where questions are typed."""
        return self.all(ENTRY)[0]

    def reload(self) -> None:
        """Load the page again, as a reader would."""
        old = self.entry
        self.driver.refresh()
        self.wait(lambda: self.all(ENTRY) and self.entry != old)

    def kept(self) -> int:
        """How much of all conversations the browser has stored: 1 where there is none."""
        stored = "Object.entries(localStorage).filter(([key]) => key.startsWith('postqa-conversation-'))"
        script = f"return {stored}.reduce((sum, [, text]) => sum + text.length, 0)"
        return int(self.driver.execute_script(script)) // 100 + 1

    def wait(self, done: Callable[[], Any]) -> Any:
        """What `done` gives as soon as it gives something; an element that is not there yet, or no more, is nothing."""
        ignored = (IndexError, StaleElementReferenceException)
        return WebDriverWait(self.driver, 20, ignored_exceptions=ignored).until(lambda _: done())

    def all(self, css: str) -> list[WebElement]:
        """Every element of a selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def first(self, css: str) -> WebElement:
        """The first element of a selector, as soon as there is one."""
        return cast("WebElement", self.wait(lambda: self.all(css)[0]))

    def click(self, css: str) -> None:
        """Click the first element of a selector as soon as it is there, at rest, and nothing lies over it."""
        self.wait(lambda: self._clicked(css))

    def _clicked(self, css: str) -> bool:
        try:
            self.all(css)[0].click()
        except (ElementNotInteractableException, ElementClickInterceptedException):
            return False
        return True

    def text(self, css: str) -> str:
        """The text of the last element of a selector, as the document holds it."""
        last = self.wait(lambda: self.all(css)[-1])
        return str(self.driver.execute_script("return arguments[0].textContent", last))

    def ask(self, question: str, until: str) -> None:
        """Ask, and wait for one more element of a selector than there was."""
        before = len(self.all(until))
        self.entry.send_keys(question)
        self.entry.send_keys(Keys.ENTER)
        self.wait(lambda: len(self.all(until)) > before)
        self.wait(lambda: self.all("#pq-log .message-row")[-1].find_elements(By.CSS_SELECTOR, ".pq-tools"))

    def open_chat(self) -> None:
        """Open the chat's tab: a page that is loaded again shows the tab that its address names."""
        self.wait(lambda: self.all("button[role=tab]"))[0].click()
        self.wait(self.entry.is_displayed)

    def in_view(self, css: str) -> bool:
        """Whether the element is inside the window, at rest or not."""
        script = "const r = arguments[0].getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight"
        return bool(self.driver.execute_script(script, self.all(css)[0]))

    def asked_hosts(self) -> set[str]:
        """The servers of everything the page has loaded or tried to."""
        script = "return performance.getEntriesByType('resource').map(entry => entry.name)"
        names = [name for name in self.driver.execute_script(script) if not name.startswith(("data:", "blob:"))]
        return {"/".join(name.split("/")[:3]) + "/" for name in names}
