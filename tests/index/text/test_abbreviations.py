"""Abbreviations that a text explains itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.abbreviations import Abbreviation, abbreviations, missing_forms

ML = Abbreviation("ML", "machine learning")


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("They use machine learning (ML) for it.", "ML", "machine learning"),
        ("ML (machine learning) is used.", "ML", "machine learning"),
        ("Gulls nest on the Norwegian Coastal Cliff (NCC) each year.", "NCC", "Norwegian Coastal Cliff"),
        ("The tide gauge API (application programming interface) is open.", "API", "application programming interface"),
        ("A received signal strength indicator (RSSI) was read.", "RSSI", "received signal strength indicator"),
        ("Bluetooth Low Energy (BLE) beacons", "BLE", "Bluetooth Low Energy"),
    ],
)
def test_an_abbreviation_is_found_with_what_it_stands_for(text: str, short: str, long: str) -> None:
    assert abbreviations(text) == (Abbreviation(short, long),)


@pytest.mark.parametrize(
    "text",
    [
        "The keeper (Ada) sells honey.",
        "Eleven ships were lost (1874) there.",
        "See the table (Table 2) below.",
        "Nothing here stands for it (XQ).",
        "(ML) opens the text.",
        "He left (it rained a lot that day).",
    ],
)
def test_other_brackets_explain_nothing(text: str) -> None:
    assert abbreviations(text) == ()


def test_an_abbreviation_explained_twice_is_found_once() -> None:
    assert abbreviations("machine learning (ML), machine learning (ML)") == (ML,)


def test_a_text_with_one_form_is_given_the_other() -> None:
    assert missing_forms("ML helps.", [ML]) == ["machine learning"]
    assert missing_forms("Machine\nlearning helps.", [ML]) == ["ML"]


def test_a_text_with_both_forms_or_none_is_left_alone() -> None:
    assert missing_forms("Machine learning (ML) helps.", [ML]) == []
    assert missing_forms("HTML helps.", [ML]) == []


@given(st.text(alphabet="abMLé(). \n&", max_size=80))
def test_a_long_form_stands_in_the_text(text: str) -> None:
    assert all(found.long in text and found.short in text for found in abbreviations(text))
