"""Uploads: what can be read becomes a new generation, what cannot is set aside, and no name leaves the folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from index import build
from index.reader import Index
from index.storage.locks import building
from qa import Assistant, uploads
from qa.jobs import JobBusy
from qa.uploads import Upload, UploadError, UploadJobs, UploadState, pasted
from tests.stand_ins import POSTS, WordHashEncoder, plain_weights

MARMOTS = "# Marmots\n\nMarmots whistle when an eagle circles above the scree."
WHISTLE = "When do marmots whistle?"


@pytest.fixture
def assistant(small_index: Path) -> Iterator[Assistant]:
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        yield assistant


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "added"


def _ended(state: UploadState) -> bool:
    return not state.running


def _add(assistant: Assistant, folder: Path, *documents: Upload, most: int = 2**20) -> UploadState:
    jobs = UploadJobs(assistant, folder, most)
    jobs.start(documents)
    return jobs.wait(_ended, 60)


def _kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_document_comes_in_as_a_new_generation_and_is_answered_from(assistant: Assistant, folder: Path) -> None:
    assert not assistant.ask(WHISTLE).answered
    state = _add(assistant, folder, Upload("marmots.md", MARMOTS.encode()))
    assert (state.fault, state.generation, [one.title for one in state.added]) == (None, 2, ["Marmots"])
    answer = assistant.ask(WHISTLE)
    assert (answer.answered, answer.generation) == (True, 2)
    assert answer.citations[0].post.id == state.added[0].id
    assert assistant.index.manifest.posts == len(POSTS) + 1
    assert _kept(folder) == ["marmots.md"]


def test_pasted_text_is_stored_exactly_under_its_title(assistant: Assistant, folder: Path) -> None:
    text = "---\ntitle: Other\n---\nMarmots *whistle* <b>when</b> an eagle circles."
    state = _add(assistant, folder, pasted(" Marmots: # a study ", text))
    post = assistant.index.post(state.added[0].id)
    assert post is not None
    assert (post.title, post.body) == ("Marmots: # a study", text)
    for title, body in ((" ", "text"), ("title", "\n")):
        with pytest.raises(UploadError, match="needs a title and a text"):
            pasted(title, body)


def test_the_same_name_replaces_and_a_similar_one_does_not(assistant: Assistant, folder: Path) -> None:
    _add(assistant, folder, pasted("A/B", "Marmots whistle."), pasted("A\\B", "Beavers fell trees."))
    _add(assistant, folder, pasted("A/B", "Marmots hibernate."))
    added = sorted(post.body for post in assistant.index.posts() if post.title in ("A/B", "A\\B"))
    assert added == ["Beavers fell trees.", "Marmots hibernate."]
    assert len(_kept(folder)) == 2


@pytest.mark.parametrize(
    "name",
    ["../../outside.md", "/etc/outside.md", "..\\..\\outside.md", "....md", ".hidden.md", "\x00\x1b[2J.md",
     "é" * 300 + ".md", "\U00010428" * 300 + ".md", "CON.md", "a\nb.md", "-rf.md", "a#L1.md"],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder_or_hides_in_it(assistant: Assistant, folder: Path, name: str) -> None:
    before = {
        path for path in folder.parent.rglob("*") if folder not in path.parents and "small-index" not in str(path)
    }
    state = _add(assistant, folder, Upload(name, MARMOTS.encode()))
    after = {path for path in folder.parent.rglob("*") if folder not in path.parents and "small-index" not in str(path)}
    assert (state.fault, [one.title for one in state.added]) == (None, ["Marmots"])
    assert after - before == {folder}
    (kept,) = _kept(folder)
    assert kept.endswith(".md")
    assert not kept.startswith((".", "-"))


def test_what_cannot_be_read_is_set_aside_with_its_reason_and_not_kept(assistant: Assistant, folder: Path) -> None:
    bad = (
        Upload("binary.md", b"\xff\xfe\x00\xd8"),
        Upload("empty.txt", b""),
        Upload("run.exe", b"MZ"),
        Upload("deep.html", b"<div>" * 100_000),
        Upload(
            "laughs.xml",
            b'<!DOCTYPE a [<!ENTITY b "c">]><rss version="2.0"><channel><title>&b;</title></channel></rss>',
        ),
        Upload("fake.pdf", b"%PDF-1.7 but no more"),
        Upload("../rows.jsonl", b'{"text": "Marmots whistle at dusk.", "title": "Dusk"}\n{"text": 7}\n'),
    )
    state = _add(assistant, folder, *bad)
    assert [one.title for one in state.added] == ["Dusk"]
    aside = {one.origin: one.reason for one in state.aside}
    assert set(aside) == {*(one.name for one in bad[:-1]), "../rows.jsonl#L2"}
    assert "no reader for .exe" in aside["run.exe"]
    assert not [reason for reason in aside.values() if str(folder.parent) in reason]
    assert _kept(folder) == ["rows.jsonl"]


def test_where_nothing_can_be_read_no_generation_is_built(assistant: Assistant, folder: Path) -> None:
    state = _add(assistant, folder, Upload("empty.md", b""))
    assert (state.added, state.generation, state.fault) == ((), None, None)
    assert len(state.aside) == 1
    assert assistant.index.manifest.generation == 1


def test_the_folder_holds_no_more_than_it_may(assistant: Assistant, folder: Path) -> None:
    assert _add(assistant, folder, pasted("One", "Marmots whistle."), most=80).fault is None
    state = _add(assistant, folder, pasted("Two", "Marmots whistle too."), most=80)
    assert "may hold 80 bytes" in str(state.fault)
    assert _kept(folder) == ["One.jsonl"]


def test_a_second_upload_is_refused_and_another_build_is_waited_for(
    assistant: Assistant, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = Event()

    def step(_: float) -> None:
        waited.set()

    monkeypatch.setattr("qa.uploads.sleep", step)
    jobs = UploadJobs(assistant, folder, 2**20)
    with building(assistant.index.root):
        jobs.start([Upload("marmots.md", MARMOTS.encode())])
        assert waited.wait(30)
        assert jobs.state.step == "waiting for another build"
        with pytest.raises(JobBusy):
            jobs.start([Upload("other.md", MARMOTS.encode())])
    assert jobs.wait(_ended, 60).generation == 2


def test_a_build_that_does_not_end_is_reported_and_the_uploads_are_kept(
    assistant: Assistant, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_BUILD_TIMEOUT", 0.0)
    with building(assistant.index.root):
        state = _add(assistant, folder, Upload("marmots.md", MARMOTS.encode()))
    assert "another build is at work" in str(state.fault)
    assert _kept(folder) == ["marmots.md"]
    assert _add(assistant, folder, pasted("Second", "Beavers fell trees.")).generation == 2
    assert assistant.ask(WHISTLE).answered


def test_an_index_whose_sources_are_gone_or_unknown_says_so(
    assistant: Assistant, folder: Path, small_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(assistant.index.manifest.sources[0]).unlink()
    state = _add(assistant, folder, Upload("marmots.md", MARMOTS.encode()))
    assert "no such file or folder" in str(state.fault)
    assert assistant.index.manifest.generation == 1
    nameless = assistant.index.manifest.model_copy(update={"sources": ()})
    monkeypatch.setattr(assistant.index, "manifest", nameless)
    with pytest.raises(UploadError, match="does not say what it was built from"):
        UploadJobs(assistant, folder, 2**20).start([Upload("marmots.md", MARMOTS.encode())])
    with pytest.raises(UploadError, match="nothing to add"):
        UploadJobs(assistant, folder, 2**20).start([])


def test_a_generation_says_what_it_was_built_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text(MARMOTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    build(["a.md"], tmp_path / "index", encoder=WordHashEncoder())
    assert Index.open(tmp_path / "index").manifest.sources == (str(tmp_path / "a.md"),)
    strange = Path(b"\xff.md".decode("utf-8", "surrogateescape"))
    (tmp_path / strange).write_text(MARMOTS, encoding="utf-8")
    build([strange], tmp_path / "index", encoder=WordHashEncoder())
    assert Index.open(tmp_path / "index").manifest.sources == ()


def test_staging_folders_of_a_killed_server_are_removed_and_never_read(assistant: Assistant, folder: Path) -> None:
    import os

    for name, age in ((".staging-old", 0), (".staging-new", 4_000_000_000)):
        (folder / name).mkdir(parents=True)
        (folder / name / "left.jsonl").write_text(json.dumps({"text": "left", "title": "Left"}), encoding="utf-8")
        os.utime(folder / name, (age, age))
    state = _add(assistant, folder, Upload("marmots.md", MARMOTS.encode()))
    assert state.fault is None
    assert not (folder / ".staging-old").exists()
    assert (folder / ".staging-new").exists()
    assert "Left" not in [post.title for post in assistant.index.posts()]
