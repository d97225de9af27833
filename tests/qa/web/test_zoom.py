"""At a zoom of 200 per cent: the head stays, nothing is cut off, and the page still answers."""

from __future__ import annotations

import pytest

from tests.qa.web.visit import Visit

HEAD = ("#pq-about h1", "#pq-about .pq-head p", "#pq-about .pq-facts", "#pq-tabs button[role=tab]")


@pytest.mark.parametrize(("width", "height"), [(640, 300), (640, 450), (960, 540)])
def test_the_head_is_kept_at_a_zoom_of_200_per_cent(visit: Visit, width: int, height: int) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": False}
    visit.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    visit.reload()
    visit.wait(lambda: visit.all("#pq-log a.pq-example"))
    visit.wait(lambda: visit.driver.switch_to.active_element == visit.entry)
    assert all(visit.in_view(css) for css in HEAD)
    visit.ask("Who built the lighthouse on Gull Rock?", until=".pq-confidence")
    visit.ask("How do I climb the tower?", until=".pq-item")
    assert visit.driver.execute_script("return document.documentElement.scrollWidth") <= width
    visit.driver.execute_script("scrollTo(0, 0)")  # a narrow page scrolls as a whole
    assert all(visit.in_view(css) for css in HEAD)
    visit.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", visit.first("#pq-ask"))
    assert visit.in_view("#pq-question-box textarea")
