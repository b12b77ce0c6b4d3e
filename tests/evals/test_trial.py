"""Loading files in a process of its own: how each ending is told, and that the next file is loaded all the same."""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.fuzz.hostile import hostile_files
from evals.fuzz.mutations import MUTATIONS, repacked
from evals.fuzz.seeds import seeds
from evals.fuzz.trial import Trial, endings
from evals.fuzz.well_formed import broken_promises
from tools.shapes import LoadedFile, Page, TextBox

ENDLESS = next(file.content for file in hostile_files("/nowhere") if file.name == "form-loop.pdf")


def test_each_ending_is_told_and_the_next_file_is_loaded() -> None:
    with Trial(seconds=0.2) as trial:
        trial.load("warm.html", b"<p>words</p>")
        outcomes = [
            trial.load("good.txt", b"words"),
            trial.load("noise.txt", b"\x00\x01\x02" * 99),
            trial.load("slow.pdf", ENDLESS),
            trial.load("good.txt", b"more words"),
        ]
    assert [outcome.ending for outcome in outcomes] == ["loaded", "refused", "too slow", "loaded"]
    assert [outcome.is_good for outcome in outcomes] == [True, True, False, True]
    assert outcomes[0].text == "words"
    assert "Why: " in outcomes[1].text
    assert endings(outcomes) == {"loaded": 2, "refused": 1, "too slow": 1}


def test_memory_over_the_limit_is_told() -> None:
    with Trial(memory_bytes=2**20) as trial:
        outcome = trial.load("good.txt", b"words")
    assert outcome.ending == "too large"
    assert outcome.peak_bytes > 2**20


GOOD = Page(1, "two words", boxes=(TextBox(0, 3, (0, 0, 9, 9)), TextBox(4, 9, (0, 9, 9, 18))))


def _loaded(*pages: Page, title: str = "t", **metadata: object) -> LoadedFile:
    return LoadedFile(title, "pdf", pages, has_pages=True, metadata=metadata)


def test_a_well_formed_document_breaks_no_promise() -> None:
    assert broken_promises([_loaded(GOOD, Page(3, ""), author="A")]) == []


@pytest.mark.parametrize(
    ("loaded", "said"),
    [
        (_loaded(Page(2, "a"), Page(1, "b")), "ascending"),
        (_loaded(Page(1, "a\0b")), "cannot be stored"),
        (_loaded(GOOD, title="\ud800"), "cannot be stored"),
        (_loaded(GOOD, n=math.inf), "not JSON"),
        (_loaded(GOOD, n="\ud800"), "not JSON"),
        (_loaded(GOOD, n=object()), "not JSON"),
        (_loaded(Page(0, "a")), "page 0 is none"),
        (_loaded(Page(1, "ab", boxes=(TextBox(1, 3, (0, 0, 1, 1)),))), "of no text"),
        (_loaded(Page(1, "ab", boxes=(TextBox(1, 1, (0, 0, 1, 1)),))), "of no text"),
        (_loaded(Page(1, "ab", boxes=(TextBox(0, 2, (0, 0, 1, 1)), TextBox(1, 2, (0, 0, 1, 1))))), "overlap"),
        (_loaded(Page(1, "ab", boxes=(TextBox(0, 2, (3, 0, 1, 1)),))), "no rectangle"),
        (_loaded(Page(1, "ab", boxes=(TextBox(0, 2, (0, 0, math.nan, 1)),))), "no rectangle"),
    ],
)
def test_broken_promises_are_named(loaded: LoadedFile, said: str) -> None:
    (problem,) = broken_promises([loaded])
    assert said in problem


@settings(max_examples=40, deadline=None)
@given(
    content=st.binary(max_size=400), chance=st.randoms(use_true_random=False), name=st.sampled_from(sorted(MUTATIONS))
)
def test_any_bytes_can_be_damaged(content: bytes, chance: Random, name: str) -> None:
    assert isinstance(MUTATIONS[name](content, chance), bytes)


def test_a_part_of_an_archive_is_changed_and_the_others_are_not() -> None:
    content = seeds()[".docx"][0]
    changed = repacked(content, "word/document.xml", lambda xml: xml.replace(b"pumping station", b"dumping station"))
    with Trial() as trial:
        before, after = trial.load("a.docx", content), trial.load("a.docx", changed)
    assert after.text == before.text.replace("pumping station", "dumping station") != before.text
