"""Questions and answers, key and value, transcripts, tables, captions, scripts without spaces: what is quoted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import index
from qa import Assistant
from qa.answer import Answer
from qa.settings import AskSettings, ReaderMode

pytestmark = pytest.mark.model
Ask = Callable[[Path, str], Answer]
Indexed = Callable[[Path], Path]


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    """The index of a file or folder, each built once."""

    @cache
    def built(source: Path) -> Path:
        root = tmp_path_factory.mktemp("forms")
        index.build([source], root)
        return root

    return built


@pytest.fixture(scope="session", params=[ReaderMode.OFF, ReaderMode.FAST])
def ask(request: pytest.FixtureRequest, indexed: Indexed) -> Ask:
    """Ask over a file or folder, without the reader and with it."""
    if request.param is not ReaderMode.OFF:
        pytest.importorskip("postqa_reader")
    settings = AskSettings(reader=request.param)

    @cache
    def assistant(source: Path) -> Assistant:
        return Assistant(indexed(source), settings=settings)

    return lambda source, question: assistant(source).ask(question)


CASES = [
    ("30-forms", "How much is the entry?", ["Entry: 4 crowns"]),
    ("30-forms/keyvalue.md", "What is the entry fee?", ["Entry: 4 crowns"]),
    ("30-forms/keyvalue.md", "How much is the entry?", ["Entry: 4 crowns"]),
    ("30-forms/keyvalue.md", "When is the event?", ["Date: 12 June 2023"]),
    ("30-forms/keyvalue.md", "Who is the speaker?", ["Speaker: Ana Ruiz"]),
    ("30-forms/keyvalue.md", "Which room is the event in?", ["Room: 5"]),
    ("30-forms/faq.md", "What is the fee?", ["Q: What is the fee?\nA: Seven crowns."]),
    ("30-forms/faq.md", "Who pays?", ["Q: Who pays?\nA: The farmer."]),
    (
        "30-forms/faq.md",
        "Who said that the wheel must never stop?",
        ["The wheel must never stop", "— Mira Holt, miller"],
    ),
    ("30-forms/transcript.md", "How many men helped?", ["how many men helped?\n[00:00:33] TARN: Six."]),
    ("30-forms/transcript.md", "How much did the bridge cost?", ["did it cost you?\n[00:00:24] TARN: Ninety crowns"]),
    ("30-forms/transcript.md", "When was the bridge built?", ["TARN: Thank you, I built the bridge in 1744."]),
    ("30-forms/table-no-pipes.md", "What is the toll for wheat?", ["Grain | Toll", "wheat | 9 crowns"]),
    ("30-forms/table-no-pipes.md", "What is the toll for rye?", ["Grain | Toll\nrye | 7 crowns"]),
    ("30-forms/unpunctuated.md", "When does the gate open?", ["The gate opens at nine"]),
    ("30-forms", "What is the fee?", ["Q: What is the fee?\nA: Seven crowns."]),
    ("30-forms", "How often is the shaft oiled?", ["Oil the shaft weekly"]),
    ("30-forms/unpunctuated.md", "How often is the shaft oiled?", ["Oil the shaft weekly"]),
    ("30-forms/neg.md", "Are refunds given for opened sacks?", ["Refunds are not given for opened sacks."]),
    ("30-forms/code.md", "How do I open gate three?", ["The first command opens gate three."]),
    ("30-forms/abbr.md", "Which port does mill.conf hold?", ["The file mill.conf holds the port 7070."]),
    ("32-faq/bold.md", "What is the fee?", ["What is the fee?\n\nSeven crowns a sack."]),
    ("32-faq/bold.md", "Who pays the fee?", ["Who pays the fee?\n\nThe farmer does."]),
    ("32-faq/heads.md", "When does the ferry leave?", ["When does the ferry leave?\n\nAt six in the morning."]),
    ("32-faq/inline.md", "How deep is the lake?", ["How deep is the lake? It is forty metres deep."]),
    ("32-faq/inline.md", "Why is the lake blue?", ["Why is it blue? Because of the clay."]),
    ("32-faq/interview.md", "How old is the bridge?", ["How old is the bridge?\n\nTarn: It stands since 1744."]),
    ("32-faq/interview.md", "Who paid for the bridge?", ["Who paid for the bridge?\n\nTarn: The bishop."]),
    ("35-thai-mixed", "Where did the goat shop move?", ["Moved my goat shop to Porto last week"]),
    ("35-thai-mixed", "ค่าโม่ข้าวเท่าไร", ["ค่าโม่ข้าว 7 บาท"]),
    ("35-thai-mixed", "When is the toll gate open?", ["It is open at nine."]),
    ("35-thai-mixed", "โรงสีเปิดปีไหน", ["โรงสีเปิดในปี 1744"]),
    ("35-thai-mixed", "What does the shop sell?", ["The shop sells cheese."]),
    ("35-thai-mixed/th.md", "ค่าโม่ข้าวเท่าไร", ["ค่าโม่ข้าว 7 บาท"]),
    ("35-thai-mixed/micro.md", "Where did the goat shop move?", ["Moved my goat shop to Porto last week"]),
    ("22-unicode", "What is the price in yen?", ["Ｔｈｅ ｐｒｉｃｅ ｉｓ ５００ ｙｅｎ."]),
    ("22-unicode/full.md", "How much is the price?", ["５００"]),
    ("22-unicode", "Was kostet das Mehl?", ["Das Mehl kostet 7 Kronen."]),
    ("22-unicode", "What does the flour cost?", ["The flour costs 7 crowns."]),
    ("22-unicode", "Combien coûte la farine ?", ["La farine coûte 7 couronnes."]),
    ("22-unicode", "Which price is in bold?", ["price 𝟝 is in 𝐛𝐨𝐥𝐝."]),
    ("22-unicode/astral.md", "What is the toll?", ["The toll is 8 crowns."]),
    ("22-unicode", "מתי נפתחה הטחנה?", ["הטחנה נפתחה בשנת 1744"]),
    ("22-unicode", "كم عدد العمال؟", ["عدد العمال ١٢ عاملا."]),
    ("22-unicode", "À quelle heure ouvre le café ?", ["Le café ouvre à 7 heures."]),
    ("22-unicode", "Combien paie la famille ?", ["La famille paie 12 €."]),
    ("22-unicode", "What does the miller earn?", ["earns 90 crowns."]),
    ("22-unicode", "When did the first office of flour open?", ["opened in 1911."]),
    ("22-unicode/ls.md", "What costs 4?", ["First second costs 4."]),
    ("22-unicode", "水車小屋はいつ開業しましたか", ["水車小屋は1744年に開業した。"]),
    ("22-unicode", "料金はいくらですか", ["料金は500円です。"]),
    ("22-unicode", "โรงสีเปิดปีไหน", ["โรงสีเปิดในปี 1744"]),
    ("20-md-blocks", "What does the callout say?", ["The callout says 8 crowns."]),
    ("20-md-blocks", "Where is the key?", ["the key is under the mat."]),
    ("20-md-blocks", "What does rye cost?", ["Rye costs 7 crowns."]),
    ("25-quote-comments", "When does the festival end?", ["The festival ends on 12 June."]),
]


@pytest.mark.parametrize(("source", "question", "shown"), CASES, ids=[f"{one[0]}: {one[1]}" for one in CASES])
def test_the_first_quote_answers(shared: Path, ask: Ask, source: str, question: str, shown: list[str]) -> None:
    answer = ask(shared / "cases" / source, question)
    assert answer.citations, answer.passages
    assert all(part in answer.citations[0].shown for part in shown), answer.citations[0].shown


@pytest.mark.parametrize("question", ["What is the budget of the festival?", "How many gates does the ground have?"])
def test_what_no_reader_sees_is_not_quoted(shared: Path, ask: Ask, question: str) -> None:
    answer = ask(shared / "cases/25-quote-comments", question)
    assert not any("9000" in one.quote or "nine gates" in one.shown for one in answer.citations)


def test_the_quote_of_a_list_of_hundreds_is_bounded(shared: Path, ask: Ask) -> None:
    answer = ask(shared / "cases/30-forms/longlist.md", "Who are the members of the guild?")
    assert answer.citations[0].shown.startswith("The members of the guild are:")
    assert len(answer.citations[0].shown) < 2_000


OWN = [
    (
        "a.md",
        "**How wide is the ford?**\n\nNine metres\n\n**Who guards it?**\n\nTwo geese",
        "How wide is the ford?",
        "Nine",
    ),
    (
        "b.txt",
        "Q. Who mends the net?\nA. Old Petra\nQ. Where is it kept?\nA. In the loft",
        "Who mends the net?",
        "Petra",
    ),
    (
        "c.md",
        "Host: When did you sail?\n\nIda: In the spring of 1951.\n\nHost: With whom?\n\nIda: Alone.",
        "When did Ida sail?",
        "1951",
    ),
    (
        "d.txt",
        "(01:10) ANNA: Who baked it?\n(01:12) BO: My aunt\n(01:15) ANNA: From what?\n(01:17) BO: Barley",
        "Who baked it?",
        "aunt",
    ),
    ("e.txt", "Start: 9 May\nVenue: Old barn\nTicket: 12 crowns", "What is the venue?", "Venue: Old barn"),
    ("f.md", "**Price:** 15 crowns  \n**Seats:** 40", "How many seats are there?", "Seats: 40"),
    ("g.txt", "Boat | Length\n---|---\nGull | 12 m\nTern | 9 m", "What is the length of the Tern?", "Tern | 9 m"),
    ("h.txt", "| Horse | Age |\n|---|---|\n| Bess | 7 |\n| Dun | 9 |", "What is the age of Dun?", "| Dun | 9 |"),
    (
        "i.md",
        "> Bread needs time.\n>\n> — Ines Roca, baker\n\nThe oven is old.",
        "Who says that bread needs time?",
        "Ines Roca",
    ),
    (
        "j.md",
        "Sold the red boat to my cousin today\n\nBought two goats instead",
        "Who did I sell the red boat to?",
        "cousin",
    ),
    (
        "k.md",
        "Figure 2: The tower of Lund in 1930\n\nIt was pulled down in 1951.",
        "When was the tower pulled down?",
        "1951",
    ),
    ("l.txt", "灯台は1874年に建てられた\n\n入場料は300円", "入場料はいくらですか", "入場料は300円"),
    ("m.txt", "灯塔建于1874年\n门票三十元", "门票多少钱", "门票三十元"),
    ("n.txt", "ประภาคารสร้างในปี 1874\n\nค่าเข้าชม 30 บาท", "ค่าเข้าชมเท่าไร", "ค่าเข้าชม 30 บาท"),
    ("p.md", "Ｔｈｅ ｌｉｇｈｔｈｏｕｓｅ ｃｌｏｓｅｓ ａｔ ２１：００．", "When does the lighthouse close?", "２１"),
    ("q.md", "The light\u00adkeeper was paid 60 flo\u00adrins in June.", "What was the lightkeeper paid?", "60 flo"),
    ("r.md", "The ﬁsh ﬂoated in the aﬄuent of the Dun.", "Where did the fish float?", "of the Dun"),
    ("s.md", "بني الجسر عام 1850. طوله ٩٠ مترا.", "متى بني الجسر؟", "1850"),
    ("t.md", "다리는 1850년에 지어졌다. 통행료는 300원이다.", "통행료는 얼마입니까?", "300원"),
    ("u.md", "Der Turm ist 40 Meter hoch. The warden is called Elmo.", "What is the warden called?", "Elmo"),
    ("v.md", "ร้านขายเรือเปิดทุกวันจันทร์\n\nค่าเช่าเรือ 90 บาท", "ค่าเช่าเรือเท่าไร", "90 บาท"),
    ("w.md", "Painted the barn door green on Sunday", "What colour is the barn door?", "green"),
    (
        "1.md",
        "**Frage:** Was kostet ein Laib?\n\n**Antwort:** Drei Euro.\n\n**Frage:** Wann ist zu?\n\n**Antwort:** Nie.",
        "Was kostet ein Laib?",
        "Drei Euro",
    ),
    (
        "2.txt",
        "P: ¿Quién cuida el huerto?\nR: Doña Inés.\n\nP: ¿Desde cuándo?\nR: Desde mayo.",
        "¿Quién cuida el huerto?",
        "Inés",
    ),
    (
        "3.md",
        "| Question | Answer |\n|---|---|\n| How old must campers be? | Ten |\n| Is there a shower? | By the barn |",
        "How old must campers be?",
        "Ten",
    ),
    ("4.md", "- Meeting: Tuesday\n- Room: the cellar\n- Dues: 11 crowns", "How high are the dues?", "Dues: 11 crowns"),
    ("5.md", "🕗 Rehearsal: Thursday at seven\n🎟 Hall: Saint Mary's", "When is the rehearsal?", "Thursday"),
    (
        "6.txt",
        "HOST (00:01): What did the observatory cost?\nDR. LEE (00:05): Four million.\nHOST (00:11): Who paid?\n"
        "DR. LEE (00:13): The province.",
        "What did the observatory cost?",
        "Four million",
    ),
    (
        "7.md",
        "Soup ........ 4 crowns\nStew ........ 9 crowns\nPie ......... 3 crowns",
        "What does the stew cost?",
        "9 crowns",
    ),
    (
        "8.md",
        "How many barrels carry the raft?\n\n— Sixteen.\n\nWho sails it?\n\n— Scouts.",
        "How many barrels carry the raft?",
        "Sixteen",
    ),
    (
        "9.adoc",
        "= Oven\n\nHow hot is the oven?:: 300 degrees.\nWho lights it?:: The baker's son.",
        "How hot is the oven?",
        "300",
    ),
    (
        "10.html",
        "<article><h1>Pool</h1><p>The rules of the pool, which everybody has to follow at all times, are these.</p>"
        "<dl><dt>May I bring a dog?</dt><dd>On Mondays.</dd><dt>How deep is the pool?</dt><dd>Three metres.</dd></dl>"
        "</article>",
        "How deep is the pool?",
        "Three metres",
    ),
    (
        "o.md",
        "## How long is the pier?\n\nNinety metres.\n\n## Who built it?\n\nThe fishermen.",
        "How long is the pier?",
        "Ninety",
    ),
]


@pytest.fixture(scope="session")
def own_posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the posts of `OWN`."""
    folder = tmp_path_factory.mktemp("own")
    for name, body, _, _ in OWN:
        text = f"# Notes\n\n{body}\n" if name.endswith(".md") else f"{body}\n"
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("question", "shown"), [one[2:] for one in OWN], ids=[one[0] for one in OWN])
def test_other_posts_of_the_same_forms_answer_as_well(own_posts: Path, ask: Ask, question: str, shown: str) -> None:
    answer = ask(own_posts, question)
    assert answer.citations, answer.passages
    assert shown in answer.citations[0].shown


@pytest.mark.parametrize("body", ["How deep is the lake? Who dug it?", "## How deep is the lake?\n\n- How wide is it?"])
def test_a_post_that_only_asks_answers_nothing(tmp_path: Path, ask: Ask, body: str) -> None:
    (source := tmp_path / "asks.md").write_text(f"# Riddles\n\n{body}\n", encoding="utf-8")
    assert not ask(source, "How deep is the lake?").answered
