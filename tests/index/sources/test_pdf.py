"""PDF: paragraphs out of lines; what has no text is refused with the reason."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from index.errors import SourceError
from index.records import Document, SetAside
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.pdf import read
from tests.pdfs import Field, Placed, make_pdf

Written = Callable[[str, str | bytes], Document]

SETTINGS = SourceSettings()
MakePdf = Callable[..., bytes]
LINES = [
    "The first line of a paragraph goes on and its impor-",
    "tance shows only in the second one.",
    "Next one.",
]


def one(written: Written, data: bytes, settings: SourceSettings = SETTINGS) -> DraftPost:
    (draft,) = read(written("a-paper.pdf", data), settings)
    assert isinstance(draft, DraftPost)
    return draft


def encrypted(data: bytes, password: str, algorithm: str) -> bytes:
    """A PDF that opens with a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(password, owner_password="owner", algorithm=algorithm)  # noqa: S106  # no secret
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_lines_are_joined_and_hyphens_mended_and_pages_parted(written: Written, pdf_of: MakePdf) -> None:
    draft = one(written, pdf_of(LINES, ["On page two."], title="A Paper", author="A B; C D"))
    assert draft.body == (
        "The first line of a paragraph goes on and its importance shows only in the second one.\n\n"
        "Next one.\n\nOn page two."
    )
    assert draft.title == "A Paper"
    assert draft.authors == ("A B", "C D")


@pytest.mark.parametrize(
    "title",
    [
        *("", "untitled", "Microsoft Word - draft", "Microsoft Word - x.docx", "paper-v2.docx", "12", "1", "..."),
        *(r"C:\\Users\\ann\\report", "/home/ann/report", "(anonymous)", "PowerPoint - Slides", "Document1"),
    ],
)
def test_a_title_that_says_nothing_gives_way_to_the_first_line(written: Written, pdf_of: MakePdf, title: str) -> None:
    draft = one(written, pdf_of(["A Heading", *LINES], title=title))
    assert draft.title == "A Heading"
    assert not draft.body.startswith("A Heading")


def test_a_single_line_is_the_body_and_the_files_name_the_title(written: Written, pdf_of: MakePdf) -> None:
    draft = one(written, pdf_of(["Only this."]))
    assert (draft.title, draft.body) == ("a paper", "Only this.")


def test_a_pdf_of_images_only_is_refused(written: Written, pdf_of: MakePdf) -> None:
    with pytest.raises(SourceError, match=r"a PDF without text .*Run OCR"):
        one(written, pdf_of([], []))


def test_an_encrypted_pdf_is_refused(written: Written, pdf_of: MakePdf) -> None:
    with pytest.raises(SourceError, match=r"an encrypted PDF .*without a password"):
        one(written, encrypted(pdf_of(LINES), "secret", "RC4-128"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"not a pdf at all",
        b"%PDF-1.4\n" + b"\0" * 500,
        b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF",
    ],
)
def test_a_broken_pdf_is_refused(written: Written, data: bytes) -> None:
    with pytest.raises(SourceError, match=r"a broken PDF in .*a-paper\.pdf"):
        one(written, data)


def test_a_pdf_cut_or_damaged_anywhere_is_read_or_refused(written: Written, pdf_of: MakePdf) -> None:
    whole = pdf_of(LINES, LINES, title="A Paper")
    damaged = [whole[:at] for at in range(0, len(whole), 37)]
    damaged += [whole[:at] + b"<<[" + whole[at + 3 :] for at in range(0, len(whole), 37)]
    for data in damaged:
        with suppress(SourceError):
            list(read(written("a-paper.pdf", data), SETTINGS))


def test_a_pdf_over_the_cap_on_pages_is_refused(written: Written, pdf_of: MakePdf) -> None:
    with pytest.raises(SourceError, match=r"more than 1 pages .*seen: 2.*max_pdf_pages"):
        one(written, pdf_of(LINES, LINES), SourceSettings(max_pdf_pages=1))


PACKED = [
    ["FlateDecode"],
    ["Fl#61teDecode"],
    ["FlateDecode", "FlateDecode"],
    ["ASCIIHexDecode", "FlateDecode"],
    ["ASCII85Decode", "LZWDecode"],
    ["FlateDecode", "RunLengthDecode"],
]


@pytest.mark.parametrize("filters", PACKED)
def test_a_pdf_is_read_whatever_its_text_is_packed_with(written: Written, pdf_of: MakePdf, filters: list[str]) -> None:
    assert one(written, pdf_of(["Only this."], blanks=5_000, filters=filters)).body == "Only this."


@pytest.mark.parametrize("filters", PACKED)
def test_a_pdf_that_unfolds_to_far_more_than_its_size_is_refused(
    written: Written, pdf_of: MakePdf, filters: list[str]
) -> None:
    bomb = pdf_of(["x"], blanks=3_000_000, filters=filters)
    assert len(bomb) < 30_000
    with pytest.raises(SourceError, match=r"unfold to more than .*max_expansion"):
        one(written, bomb)
    assert one(written, bomb, SourceSettings(max_expansion=50_000)).body == "x"


def test_the_streams_of_a_pdf_are_counted_together(written: Written, pdf_of: MakePdf) -> None:
    pages = [["x"]] * 8
    assert one(written, pdf_of(*pages, blanks=50_000))
    with pytest.raises(SourceError, match=r"unfold to more than"):
        one(written, pdf_of(*pages, blanks=150_000))


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_an_encrypted_pdf_unfolds_no_further_than_another(written: Written, pdf_of: MakePdf, algorithm: str) -> None:
    bomb = encrypted(pdf_of(["x"], blanks=3_000_000), "", algorithm)
    with pytest.raises(SourceError, match=r"unfold to more than"):
        one(written, bomb)
    assert one(written, bomb, SourceSettings(max_expansion=50_000)).body == "x"


def test_a_filter_named_in_another_object_counts_as_well(written: Written, pdf_of: MakePdf) -> None:
    bomb = pdf_of(["x"], blanks=3_000_000).replace(b"/Filter [/FlateDecode]", b"/Filter 9 0 R")
    bomb = bomb.replace(b"xref\n0 ", b"9 0 obj\n/FlateDecode\nendobj\nxref\n0 ")
    with pytest.raises(SourceError, match=r"unfold to more than"):
        one(written, bomb)
    assert one(written, bomb, SourceSettings(max_expansion=50_000)).body == "x"


def test_a_pdf_that_takes_too_long_is_refused_after_the_page_it_is_at(written: Written, pdf_of: MakePdf) -> None:
    with pytest.raises(SourceError, match=r"longer than 1e-09 seconds .*page 1 of 2.*max_pdf_seconds"):
        one(written, pdf_of(LINES, LINES), SourceSettings(max_pdf_seconds=1e-9))


def lines_at(x: float, y: float, *texts: str, size: float = 12) -> list[Placed]:
    return [Placed(x, y - 1.2 * size * at, text, size) for at, text in enumerate(texts)]


def test_running_headers_and_footers_are_left_out(written: Written) -> None:
    pages = [
        [
            Placed(72, 760, "Chronicle of Orveda" if number % 2 else f"{number}   The Mill"),
            Placed(72, 700, text),
            Placed(300, 30, f"- {number} -"),
        ]
        for number, text in enumerate(("The first page is", "about the wheel,", "the next about", "the dam."), 1)
    ]
    draft = one(written, make_pdf(*pages))
    assert draft.body == "The first page is about the wheel, the next about the dam."


def test_chapters_at_the_top_of_their_pages_are_no_running_headers(written: Written) -> None:
    pages = [
        [
            Placed(72, 730, f"Chapter {number}", 18),
            *lines_at(72, 690, f"Text of {word} chapter, line one.", "Line two."),
        ]
        for number, word in enumerate(("the first", "the second"), 1)
    ]
    assert "Chapter 2" in one(written, make_pdf(*pages, title="A Book")).body


def test_a_page_number_alone_is_left_out_and_a_number_in_the_text_is_not(written: Written) -> None:
    page = [*lines_at(72, 700, "The toll of the mill was", "1744", "crowns in the first year."), Placed(300, 30, "7")]
    assert one(written, make_pdf(page)).body == "The toll of the mill was 1744 crowns in the first year."


LEFT = ("The wheel turns twelve", "times a minute and it", "drives two shafts made", "of oak from the valley.")
MIDDLE = ("The dam was mended in", "March by six men, who", "were paid ninety crowns", "each for eleven weeks.")
RIGHT = ("The miller lives beside", "the dam with his family", "and keeps the gates in", "order all the year.")


@pytest.mark.parametrize("shift", [0, 6])
def test_columns_are_read_one_after_the_other_under_a_title_that_spans_them(written: Written, shift: float) -> None:
    columns = [lines_at(60, 700, *LEFT), lines_at(230, 700 - shift, *MIDDLE), lines_at(400, 700, *RIGHT)]
    rows = [line for row in zip(*columns, strict=True) for line in row]
    title = Placed(60, 740, "Report on the mill of Orveda and on the dam above the town", 18)
    draft = one(written, make_pdf([title, *rows]))
    assert draft.title == title.text
    assert draft.body == "\n\n".join(" ".join(column) for column in (LEFT, MIDDLE, RIGHT))


def test_a_paragraph_goes_on_in_the_next_column(written: Written) -> None:
    rest = ("on the other side of", "the river.", "It turns slowly.")
    draft = one(written, make_pdf([*lines_at(60, 700, *LEFT[:3]), *lines_at(300, 700, *rest)]))
    assert draft.body == "The wheel turns twelve times a minute and it drives two shafts made on the other side of the river.\n\nIt turns slowly."  # fmt: skip  # noqa: E501


def test_tables_are_read_row_by_row(written: Written) -> None:
    rows = [
        ("Grain", "Toll", "Since"),
        ("Rye", "7 crowns", "1744"),
        ("Oats", "", "1750"),
        ("Wheat", "9 crowns", "1801"),
    ]
    cells = [
        Placed(x, 660 - 18 * at, text)
        for at, row in enumerate(rows)
        for x, text in zip((72, 150, 240), row, strict=True)
        if text
    ]
    draft = one(written, make_pdf([Placed(72, 700, "The council sets the tolls for every grain."), *cells]))
    assert draft.body.split("\n")[2:] == [
        "| Grain | Toll | Since |",
        "|---|---|---|",
        "| Rye | 7 crowns | 1744 |",
        "| Oats |  | 1750 |",
        "| Wheat | 9 crowns | 1801 |",
    ]


def test_numbered_lines_are_items_and_no_table(written: Written) -> None:
    items = [
        line
        for at, text in enumerate(("Open the gate.", "Oil the shaft.", "Wait."))
        for line in (Placed(72, 700 - 15 * at, f"{at + 1}."), Placed(100, 700 - 15 * at, text))
    ]
    assert one(written, make_pdf(items)).body == "1. Open the gate.\n2. Oil the shaft.\n3. Wait."


def test_superscripts_change_no_figure(written: Written) -> None:
    line = [Placed(72, 700, "It cost 42"), Placed(121, 705, "1", 7), Placed(129, 700, "crowns, or 10")]
    body = one(written, make_pdf([*line, Placed(201.5, 705, "6", 7), Placed(209, 700, "pence.")])).body
    assert body == "It cost 42¹ crowns, or 10⁶ pence."


def test_code_keeps_its_lines_and_its_indentation(written: Written) -> None:
    code = [Placed(72, 660, "def grind(sacks):", font="F2"), Placed(100.8, 646, "return sacks * 7", font="F2")]
    draft = one(written, make_pdf([*lines_at(72, 700, "This is how the toll is reckoned by the clerk:"), *code]))
    assert draft.body.endswith("```\ndef grind(sacks):\n    return sacks * 7\n```")


def test_words_with_a_hyphen_of_their_own_keep_it_at_a_lines_end(written: Written) -> None:
    lines = [
        "A well-known miller of the state-of-",
        "the-art kind, a 20-",
        "year-old, was well-",
        "known to his appren-",
    ]
    body = one(written, make_pdf([*lines, "tices in every one of the towns."])).body
    assert body == (
        "A well-known miller of the state-of-the-art kind, a 20-year-old, was well-known to his apprentices in every "
        "one of the towns."
    )


def test_lines_of_chinese_are_joined_without_spaces(written: Written) -> None:
    assert (
        one(written, make_pdf(["磨坊的轮子每分钟转十二", "圈，并带动两根橡木轴。"])).body
        == "磨坊的轮子每分钟转十二圈，并带动两根橡木轴。"
    )


def test_values_of_a_form_stand_behind_their_labels(written: Written) -> None:
    labels = [Placed(72, 700, "Please fill in the form below for each delivery."), Placed(72, 660, "Your name:")]
    fields = [Field(150, 656, "f1", "Mira Holt"), Field(72, 600, "Sacks", "77"), Field(72, 560, "Remarks", "")]
    draft = one(written, make_pdf([*labels, Placed(72, 580, "Thank you.")], fields=fields))
    assert draft.body.split("\n\n")[1:] == ["Your name: Mira Holt", "Sacks: 77", "Thank you."]


def test_the_largest_line_is_the_title_and_smaller_large_ones_are_headings(written: Written) -> None:
    page = [Placed(72, 740, "The Gazette", 16), Placed(72, 700, "The Mill", 24), *lines_at(72, 650, *LEFT)]
    draft = one(written, make_pdf(page, title="1"))
    assert (draft.title, draft.body) == ("The Mill", "## The Gazette\n\n" + " ".join(LEFT))


def test_the_day_a_program_wrote_the_file_is_no_date_and_a_stated_one_is(written: Written) -> None:
    packet = b"<prism:publicationDate>2024-03-02</prism:publicationDate>"
    data = make_pdf(LINES).replace(b"/Author ()", b"/Author () /CreationDate (D:20240101)")
    assert one(written, data).published is None
    assert one(written, data + b"% " + packet).published == "2024-03-02"


def test_names_of_programs_and_accounts_are_no_authors(written: Written) -> None:
    assert one(written, make_pdf(LINES, author="anonymous")).authors == ()
    assert one(written, make_pdf(LINES, author="Mira Holt, Ben Ode and Ann Lee")).authors == (
        "Mira Holt",
        "Ben Ode",
        "Ann Lee",
    )


def test_pages_without_text_are_named_and_the_others_kept(written: Written) -> None:
    draft, missing = read(written("a.pdf", make_pdf(LINES, [], LINES[::-1], [], [])), SETTINGS)
    assert isinstance(draft, DraftPost)
    assert isinstance(missing, SetAside)
    assert missing.origin.endswith("a.pdf#page=2")
    assert "3 of 5 pages" in missing.reason
    assert "2, 4-5" in missing.reason


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_that_only_its_owners_password_protects_is_read(written: Written, algorithm: str) -> None:
    assert "importance" in one(written, encrypted(make_pdf(LINES), "", algorithm)).body


CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "23-pdf"
IN_BODY = {
    "form": ("Name: Mira Holt", "Sacks: 77"),
    "header": ("at seven crowns and stayed so",),
    "hyph": ("state-of-the-art craftsman, and his apprentices learn", "20-year-old", "1. Open the gate.\n2. Oil"),
    "meta": ("Text of the report is here",),
    "mixed-scan": ("Cover page only has text",),
    "ownerpw": ("the toll is 7 crowns for each sack of rye.",),
    "table": ("| Rye | 7 crowns | 1744 |\n| Oats | 5 crowns | 1750 |",),
    "twocol-cols": ("made of oak from the valley.\n\nThe dam was mended in March by six men",),
    "twocol-rows": ("made of oak from the valley.\n\nThe dam was mended in March by six men",),
}
NOT_IN_BODY = {"header": ("Chronicle", "Page"), "meta": ("anonymous",)}
FACTS = {"meta": ("Report of the Mill", ("Mira Holt", "Ben Ode")), "twocol-rows": ("Mill report", ())}


@pytest.mark.skipif(not CASES.exists(), reason=f"{CASES} is not here")
@pytest.mark.parametrize("name", IN_BODY)
def test_kept_cases_are_read_right(name: str) -> None:
    draft, *missing = read(Document(path=CASES / f"{name}.pdf", name=f"{name}.pdf"), SETTINGS)
    assert isinstance(draft, DraftPost)
    assert all(words in draft.body for words in IN_BODY[name])
    assert not any(words in draft.body for words in NOT_IN_BODY.get(name, ()))
    assert (draft.title, draft.authors) == FACTS.get(name, (draft.title, ()))
    assert draft.title not in {"1", "untitled"}
    assert draft.published is None
    assert len(missing) == (name == "mixed-scan")


@pytest.mark.skipif(not CASES.exists(), reason=f"{CASES} is not here")
def test_a_kept_scan_is_set_aside() -> None:
    with pytest.raises(SourceError, match="only images"):
        list(read(Document(path=CASES / "scan.pdf", name="scan.pdf"), SETTINGS))
