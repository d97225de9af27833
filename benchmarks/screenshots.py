"""Pictures of the page for the README and docs/page.md: each tab in light and dark, and the chat on a phone.

Usage: python -m benchmarks.screenshots [--into docs/screenshots]

The posts are the samples; the page is served by `app.py` as a user starts it.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import index
from benchmarks.browser import ENTRY, browser, running, until, until_listening
from qa.cli.build_commands import sample_posts

_FOLDER = Path("docs/screenshots")
_QUESTION = "How many alerts did the system raise in the 2023-24 season?"
_REFUSED = "Which planet has rings?"
_WHOLE = "#pq-log .message-row:last-child .pq-tools"
_CHART = "#pq-tab-evaluate figure"
_PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
# Animations are finished, and the pointer and the caret are out of the picture.
_STILL = """document.getAnimations().forEach((animation) => { try { animation.finish(); } catch {} });
document.activeElement?.blur();"""


def ask(driver: webdriver.Chrome, question: str) -> None:
    """Ask in the chat and wait for the whole answer."""
    rows = len(driver.find_elements(By.CSS_SELECTOR, "#pq-log .message-row"))
    driver.find_element(By.CSS_SELECTOR, ENTRY).send_keys(question, Keys.ENTER)
    until(driver, lambda: len(driver.find_elements(By.CSS_SELECTOR, "#pq-log .message-row")) >= rows + 2)
    until(driver, lambda: driver.find_elements(By.CSS_SELECTOR, _WHOLE))


def show(driver: webdriver.Chrome, tab: str, sign: str) -> None:
    """Bring a tab to the front and wait until it is filled."""
    driver.execute_script("document.getElementById(arguments[0]).click()", f"pq-tab-{tab}-button")
    until(
        driver, lambda: [element for element in driver.find_elements(By.CSS_SELECTOR, sign) if element.is_displayed()]
    )


def take(driver: webdriver.Chrome, path: Path) -> None:
    """Take a picture of what is in the window."""
    driver.execute_script(_STILL)
    path.write_bytes(driver.get_screenshot_as_png())
    print(path)


def pictures(driver: webdriver.Chrome, address: str, theme: str, into: Path) -> None:
    """Each tab in one theme."""
    driver.get(f"{address}?__theme={theme}")
    until(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ENTRY))
    ask(driver, _REFUSED)
    ask(driver, _QUESTION)
    take(driver, into / f"chat-{theme}.png")
    driver.find_element(By.CSS_SELECTOR, "#pq-log .message-row:last-child a.pq-marker").click()
    until(driver, lambda: driver.find_elements(By.CSS_SELECTOR, "#pq-reader mark"))
    take(driver, into / f"reading-{theme}.png")
    driver.find_element(By.ID, "pq-reader-close").click()
    show(driver, "posts", "#pq-tab-posts h3")
    take(driver, into / f"posts-{theme}.png")
    show(driver, "map", ".pq-map-questions li")  # which come when their questions are located
    take(driver, into / f"map-{theme}.png")
    show(driver, "evaluate", "#pq-evaluate-run")
    driver.find_element(By.ID, "pq-evaluate-run").click()
    until(driver, lambda: driver.find_elements(By.CSS_SELECTOR, _CHART), 120)
    driver.execute_script("document.querySelector('#pq-report .funnel').scrollIntoView()")
    take(driver, into / f"evaluate-{theme}.png")
    show(driver, "add", "#pq-tab-add textarea")
    take(driver, into / f"add-{theme}.png")


def on_a_phone(driver: webdriver.Chrome, address: str, theme: str, into: Path) -> None:
    """The chat in a narrow window."""
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", _PHONE)
    driver.execute_script("localStorage.clear()")
    driver.get(f"{address}?__theme={theme}")
    until(driver, lambda: driver.find_elements(By.CSS_SELECTOR, ENTRY))
    ask(driver, _QUESTION)
    take(driver, into / f"phone-{theme}.png")


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=_FOLDER)
    into = parser.parse_args().into
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "index"
        index.build([sample_posts()], root)
        with running(root, add_posts=f"{place}/added", feedback=f"{place}/feedback.sqlite") as app:
            until_listening(app)
            for theme in ("light", "dark"):
                driver = browser(1280, 900)
                try:
                    pictures(driver, app.address, theme, into)
                    on_a_phone(driver, app.address, theme, into)
                finally:
                    driver.quit()


if __name__ == "__main__":
    main()
