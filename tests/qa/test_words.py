"""Posts that differ in one word only: whoever asks for that word finds its post first, however both are written."""

from __future__ import annotations

from pathlib import Path

import pytest

import index
from qa import Assistant
from qa.settings import AskSettings, ReaderMode

pytestmark = pytest.mark.model

IN_CODE = [
    ["3.0", "v4.3.0", "4.3.1", "4.3.0-rc1", "2.9", "2.10"],
    ["tf.function", "tf.data", "function", "tf.Variable"],
    ["--locked", "--frozen", "--locked-deps"],
    ["E0382", "E0383", "E0499", "E382"],
    ["C++", "C#", "C", "F#", "C99"],
    ["read_csv", "read_json", "pd.read_csv"],
    ["CVE-2021-44228", "CVE-2021-45046", "CVE-2020-44228"],
    ["std::move", "std::copy", "useEffect", "useState"],
    ["config.yml", "config.toml"],
]
AS_WRITTEN = [
    ("The mil\u00adler of Or\u00adveda earns 90 crowns.", "The miner of Norveda earns 90 crowns.", "miller"),
    ("The miller of Orveda earns 90 crowns.", "The miner of Norveda earns 90 crowns.", "mil\u00adler"),
    ("The ﬁrst oﬃce of ﬂour is old.", "The last house of iron is old.", "first office of flour"),
    ("The first office of flour is old.", "The last house of iron is old.", "ﬁrst oﬃce"),
    ("Ｔｈｅ ｐｒｉｃｅ ｉｓ ５００ ｙｅｎ.", "The price is 50 yen in June.", "500 yen"),
    ("The price is 500 yen in May.", "The price is 50 yen in June.", "５００ ｙｅｎ"),
    ("𝒯𝒽𝑒 price 𝟝 is in 𝐛𝐨𝐥𝐝.", "The price 6 is in italics.", "price 5 bold"),
    ("Das Mehl wiegt 3,5 Kilo im Laden.", "Das Mehl wiegt 35 Kilo im Laden.", "3.5 Kilo"),
    ("Das Mehl kostet 1.234,56 Kronen.", "Das Mehl kostet 1.234,65 Kronen.", "1234,56 Kronen"),
    ("The sack weighs 3.5 kg in the shop.", "The sack weighs 35 kg in the shop.", "3,5 kg"),
    ("عدد العمال ١٢ عاملا.", "عدد العمال ١٣ عاملا.", "12 عاملا"),
    ("Le cafe\u0301 ouvre a\u0300 7 heures.", "Le bureau ouvre à 8 heures.", "café"),
    ("Zero\u200bwidth spaces are here.", "Other spaces are here.", "zerowidth"),
]


def assistant(folder: Path, texts: list[str]) -> Assistant:
    """An assistant over posts of these texts, their numbers as titles."""
    (posts := folder / "posts").mkdir()
    for number, text in enumerate(texts):
        (posts / f"{number}.md").write_text(f"# Note {number}\n\n{text}\n", encoding="utf-8")
    index.build([posts], folder / "index")
    return Assistant(folder / "index", settings=AskSettings(reader=ReaderMode.OFF))


@pytest.mark.parametrize("names", IN_CODE, ids=[names[0] for names in IN_CODE])
def test_what_stands_in_code_is_one_word(tmp_path: Path, names: list[str]) -> None:
    with assistant(tmp_path, [f"The team looked at `{name}` and wrote down what changed." for name in names]) as asked:
        for number, name in enumerate(names):
            for question in (name, f"What changed in {name}?"):
                assert asked.search(question, 1)[0].post.title == f"Note {number}", question
            found = asked.index.find_posts(name, 0, 1)
            assert (
                found.posts[0].post.title == f"Note {number}" or name == "C"
            )  # which all words with a c begin as well


@pytest.mark.parametrize(("text", "other", "words"), AS_WRITTEN)
def test_a_word_is_found_however_it_is_written(tmp_path: Path, text: str, other: str, words: str) -> None:
    with assistant(tmp_path, [other, text]) as asked:
        best = asked.search(words, 1)[0]
        assert (best.post.title, best.features.lexical > 0) == ("Note 1", True)
        assert [found.post.title for found in asked.index.find_posts(words, 0, 1).posts] == ["Note 1"]
