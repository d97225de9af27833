"""Dates in one form, or not at all: from what is stated, and from names of files and folders."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pytest

from index.sources.dates import is_later, iso_date, path_date


@pytest.mark.parametrize(
    ("stated", "iso"),
    [
        ("2024-03-02", "2024-03-02"),
        ("20240302", "2024-03-02"),
        ("2024-03", "2024-03"),
        ("2024", "2024"),
        (" 2024-03-02T10:00:00Z ", "2024-03-02T10:00:00+00:00"),
        ("2024-03-02 10:00:00", "2024-03-02T10:00:00"),
        ("Sat, 02 Mar 2024 10:00:00 +0200", "2024-03-02T10:00:00+02:00"),
        ("March 2, 2024", "2024-03-02"),
        ("2 Mar 2024", "2024-03-02"),
        ("2024/03/02", "2024-03-02"),
        (date(2024, 3, 2), "2024-03-02"),
        (datetime(2024, 3, 2, 10, tzinfo=UTC), "2024-03-02T10:00:00+00:00"),
    ],
)
def test_dates_become_iso_8601_as_precise_as_stated(stated: object, iso: str) -> None:
    assert iso_date(stated) == iso


@pytest.mark.parametrize(
    "stated",
    [
        None,
        "",
        "NaN",
        math.nan,
        math.inf,
        "soon",
        "2024-13-45",
        "2024-02-30",
        "03/02/2024",
        1709337600,
        [],
        "9" * 10_000,
    ],
)
def test_what_is_no_date_is_none(stated: object) -> None:
    assert iso_date(stated) is None


@pytest.mark.parametrize(
    ("stated", "iso"),
    [
        ("2013-05-06 02:12:52 +0200", "2013-05-06T02:12:52+02:00"),
        ("2023/5/1 10:20", "2023-05-01T10:20:00"),
        ("2023.5.1", "2023-05-01"),
        ("2023年5月1日", "2023-05-01"),
        ("13/05/2023", "2023-05-13"),
        ("05/13/2023", "2023-05-13"),
        ("2.3.2023", "2023-03-02"),
        ("March 2nd, 2024 at 10:20 PM", "2024-03-02T22:20:00"),
        ("Saturday, 2 March 2024", "2024-03-02"),
        ("2024-03-02 10:00 UTC", "2024-03-02T10:00:00+00:00"),
        ("Sept. 3, 2024", "2024-09-03"),
        ("March 2024", "2024-03"),
        ("2. März 2024", "2024-03-02"),
        ("Samedi 2 mars 2024 à 14h30", "2024-03-02T14:30:00"),
        ("1er janvier 2024", "2024-01-01"),
        ("martes, 5 de marzo de 2024", "2024-03-05"),
        ("mar. 5 mars 2024", "2024-03-05"),
        ("mar 5 2024", "2024-03-05"),
        ("2 d’abril del 2024", "2024-04-02"),
        ("2024. április 7.", "2024-04-07"),
        ("15 августа 2024, 13:43", "2024-08-15T13:43:00"),
        ("Di., 2.1.2024 - 14:45 Uhr", "2024-01-02T14:45:00"),
        ("November 8, 2024 / 10:35 PM PST", "2024-11-08T22:35:00"),
        ("août 2024", "2024-08"),
        ("2024-03-02T23:15:0Z", "2024-03-02T23:15:00+00:00"),
        ("Sat Mar 2 2024 10:20:00 GMT+0000 (Coordinated Universal Time)", "2024-03-02T10:20:00+00:00"),
        ("2024/03", "2024-03"),
        ("2 March 2024 3pm", "2024-03-02T15:00:00"),
        ("2 mars 2024 kl. 10.30", "2024-03-02T10:30:00"),
        ("2024-03-02 Sat", "2024-03-02"),
        ("2 Mart 2024 Cumartesi", "2024-03-02"),
        ("2 Agustus 2024", "2024-08-02"),
        ("2 tháng 3, 2024", "2024-03-02"),
        ("2024년 3월 2일", "2024-03-02"),
        ("2024. 3. 2.", "2024-03-02"),
        ("2024年3月2日(土) 10:20", "2024-03-02T10:20:00"),
        ("٢ مارس ٢٠٢٤", "2024-03-02"),
        ("२ मार्च २०२४", "2024-03-02"),
        ("2 במרץ 2024", "2024-03-02"),
        ("2 มีนาคม 2567", "2024-03-02"),
    ],
)
def test_everyday_forms_are_read(stated: str, iso: str) -> None:
    assert iso_date(stated) == iso


@pytest.mark.parametrize("stated", ["5 listopada 2024", "3 lip 2024"])
def test_a_month_whose_name_is_another_month_elsewhere_is_no_date(stated: str) -> None:
    assert iso_date(stated) is None


@pytest.mark.parametrize(
    "stated",
    [
        "true",
        "2023/5",
        "version 2.3.4",
        "version 2.3.2024",
        "10:20",
        "31 February 2024",
        "in March",
        "March 0, 2024",
        "0001-01-01",
        "1970-01-01T00:00:00Z",
        "۵ مرداد ۱۴۰۱",
    ],
)
def test_words_and_numbers_that_name_no_day_are_no_date(stated: str) -> None:
    assert iso_date(stated) is None


@pytest.mark.parametrize(
    ("path", "iso"),
    [
        ("_posts/2021-03-04-title.md", "2021-03-04"),
        ("2021-03-04.md", "2021-03-04"),
        ("/2017/05/06/permalink/", "2017-05-06"),
        ("blog/2021/03/title.html", "2021-03"),
        ("2019/2021-03-04-title/index.md", "2021-03-04"),
        ("202103041530 note.md", "2021-03-04"),
        ("_posts/2021-3-4-title.md", "2021-03-04"),
        ("blog/2021/03-04-title.md", "2021-03-04"),
        ("notes/2021-03/title.md", "2021-03"),
        ("2021-02-30-title.md", None),
        ("notes/2021-13/title.md", None),
        ("blog/1234-05/title.md", None),
        ("2021/title.md", None),
        ("2021-10-things.md", None),
        ("12345678.md", None),
    ],
)
def test_a_path_states_a_day_or_a_month_or_nothing(path: str, iso: str | None) -> None:
    assert path_date(path) == iso


def test_a_date_lies_ahead_when_it_does_so_in_every_zone() -> None:
    clock = datetime(2024, 6, 1, 12, tzinfo=UTC)
    assert [is_later(day, clock) for day in ("2024-06-03", "2024-06-01", "2024-06-02", "2024-07")] == [
        True,
        False,
        False,
        False,
    ]
    assert is_later("2024-06-01T12:01:00+00:00", clock)
