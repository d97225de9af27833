"""Where one sentence ends and the next begins."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.sentences import sentence_spans

# Each case is a list of sentences; joined by one space they must come apart again.
CASES = {
    "two plain sentences": ["The boat left.", "The pier was empty."],
    "a question and a shout": ["Did it leave?", "It did!", "Nobody saw it."],
    "a question marked twice": ["You did what?!", "I left."],
    "a title before a name": ["Dr. Ray met Mrs. Oh at the pier.", "They spoke."],
    "initials": ["The boat was built by J. R. Holm.", "It leaked."],
    "an initial between names": ["Michael P. Kelly won it.", "He smiled."],
    "the pronoun I closes a sentence": ["So did I.", "We left."],
    "a decimal number": ["It costs 3.50 a day.", "The ferry is free."],
    "a version number": ["Version 2.1.3 is out.", "Install it."],
    "e.g. and i.e.": ["Take fruit, e.g. Apples or pears.", "Eat them, i.e. Do not store them."],
    "a figure's number": ["See Fig. 2 and No. 5 of the list.", "They differ."],
    "and so on at the end": ["We sold eggs, milk, etc.", "The rest was given away."],
    "and so on in the middle": ["We sold eggs, milk etc. in the shop.", "It closed."],
    "U.S. at the end": ["She moved to the U.S.", "It was cold there."],
    "U.S. in the middle": ["The U.S. Senate met.", "It rained."],
    "a.m. in the middle": ["It opens at 9 a.m. on Sundays.", "Come early."],
    "a company": ["He worked at Gull Inc. until May.", "Then he left."],
    "an ellipsis that goes on": ["She waited ... and waited.", "He came."],
    "an ellipsis that ends": ["She waited…", "He came."],
    "quotation marks outside the stop": ["“It is cold.”", "He closed the door."],
    "a quoted question in a sentence": ["“Is it cold?” asked Ana.", "Nobody spoke."],
    "straight quotes": ['She said "Go."', "So we went."],
    "parentheses around a sentence": ["The door was open.", "(It always was.)", "We went in."],
    "parentheses inside a sentence": ["The door (it was red. very red) stood open.", "We went in."],
    "an address": ["See https://gull.example/a.b?c=d!e for more.", "It is short."],
    "a file name": ["Run kubeflow.up.sh now.", "Then wait."],
    "a function name": ["Call tf.add for that.", "It adds."],
    "a numbered step": ["1. Train the model.", "Then deploy it."],
    "Chinese": ["灯塔建于一八七四年。", "它很高！", "你看见了吗？"],
    "an abbreviated month": ["It opened on Feb. 3 that year.", "Snow fell."],
    "a degree": ["She has a Ph.D. in chemistry.", "He has none."],
    "a sentence that opens with a digit": ["It was loud.", "28 people left."],
    "a dash opens the next": ["It was loud.", "— Nobody left."],
    "a Spanish question": ["Era tarde.", "¿Quién vino?", "Nadie."],
    "a Spanish shout": ["¡Zarpa el barco!", "¿A qué hora?", "«A las 8.»", "Corrieron."],
    "a Spanish title": ["La Sra. Ortega y la Dra. Vidal hablaron.", "Nadie las oyó."],
    "p. ej. and EE. UU.": ["Traiga fruta, p. ej. Manzanas de EE. UU. y de aquí.", "Son buenas."],
    "a German date": ["Er kam am 3. Oktober an.", "Es schneite."],
    "German abbreviations": ["Es gab z. B. Äpfel bzw. Birnen, d. h. Obst.", "Alle aßen."],
    "Russian": ["Маяк построили в 1874 году.", "Он высокий!", "Кто его видел?"],
    "Arabic": ["بنيت المنارة عام 1874.", "من بناها؟", "لا أحد يعرف!"],
    "Urdu": ["یہ مینار اونچا ہے۔", "اسے کس نے بنایا؟"],
    "Hindi": ["प्रकाशस्तंभ 1874 में बना।", "किसने बनाया?", "कोई नहीं जानता।"],
    "Japanese": ["灯台は高いです。", "誰が建てましたか？", "「高い。」と彼は言った。", "「本当。」", "はい。"],
    "Armenian": ["Փարոսը կառուցվել է 1874 թվականին։", "Այն բարձր է։"],
    "Amharic": ["መብራቱ በ1874 ተሠራ።", "ረጅም ነው።"],
    "Tibetan": ["བོད་ཡིག་ཡིན།", "གཉིས་པ་ཡིན།"],
    "Greek": ["Ποιος τον έχτισε\u037e", "Κανείς δεν ξέρει."],
    "Korean": ["등대는 1874년에 지어졌다.", "누가 지었습니까?", "아무도 모른다."],
}


@pytest.mark.parametrize("sentences", CASES.values(), ids=CASES)
def test_sentences_come_apart_where_a_reader_parts_them(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_wide_stops_need_no_space_behind_them() -> None:
    text = "它很高。你看见了吗？是的！"
    assert [text[start:end] for start, end in sentence_spans(text)] == ["它很高。", "你看见了吗？", "是的！"]


def test_only_the_stretch_asked_for_is_cut() -> None:
    text = "One. Two. Three. Four."
    assert [text[start:end] for start, end in sentence_spans(text, 5, 16)] == ["Two.", "Three."]


@pytest.mark.parametrize("name", ["Chinese", "Japanese"])
def test_scripts_with_stops_of_their_own_need_no_space(name: str) -> None:
    text = "".join(CASES[name])
    assert [text[start:end] for start, end in sentence_spans(text)] == CASES[name]


def test_thai_is_cut_at_spaces_into_pieces_that_are_not_very_short() -> None:
    clause = "ประภาคารบนเกาะแห่งนี้สร้างขึ้นเมื่อหลายปีก่อนโดยชาวประมงที่อาศัยอยู่ใกล้กับท่าเรือ"
    text = " ".join([clause, "สูงมาก", clause, clause])
    assert [text[start:end] for start, end in sentence_spans(text)] == [clause, f"สูงมาก {clause}", clause]
    assert len(sentence_spans(clause[:40] + " " + clause[40:])) == 1


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n"])
def test_blank_text_has_no_sentence(text: str) -> None:
    assert sentence_spans(text) == []


def test_a_megabyte_of_one_paragraph_is_cut_into_its_sentences() -> None:
    sentence = "Gulls e.g. the large ones follow boats. "
    assert len(sentence_spans(sentence * 25_000)) == 25_000


PIECES = st.sampled_from(
    [
        "Dr.",
        "e.g.",
        "U.S.",
        "ประภาคาร" * 12,
        "」",
        "と",
        "؟",
        "।",
        "3.",
        "Mai",
        "word",
        "Word",
        "3.14",
        "...",
        "…",
        "?!",
        ".",
        "。",
        "”",
        "“",
        "(",
        ")",
        "\n",
        " ",
        "👩‍👧",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join)))
def test_spans_are_in_order_inside_the_text_and_hold_every_character_once(text: str) -> None:
    spans = sentence_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    covered = {at for start, end in spans for at in range(start, end)}
    assert {at for at, letter in enumerate(text) if not letter.isspace()} <= covered


@given(st.lists(PIECES).map(" ".join))
def test_no_span_begins_or_ends_with_blank_space(text: str) -> None:
    assert all(text[start:end] == text[start:end].strip() for start, end in sentence_spans(text))
