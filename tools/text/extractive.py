"""Answers without a model: the evidence's own sentences that say most about the question."""

import functools
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.text.answer_kind import defines
from tools.text.articles import article_number, has_bare_number, is_article_heading, is_heading, is_in_article
from tools.text.coverage import covered_share
from tools.text.lists import placed_statements
from tools.text.quantities import dates_in
from tools.text.question import Asked, Term, all_tokens, answers, numbered_shape
from tools.text.rows import row_cells
from tools.text.tokens import fold, token_set

_LONG_SENTENCE = 240
_NEW_COVERAGE = 0.15
_LEAST_OF_BEST = 0.5
_KIND_BONUS = 0.15
# A question answers nothing, and a colon only opens what follows.
_OPEN_ENDS = ("?", "？", ":", "：")
_FACT_BONUS = 0.15
_SUBJECT_BONUS = 0.1
_CELL_BONUS = 0.15
_ARTICLE_BONUS = 0.4
_NAME_SHARE = 0.6  # of a document's name, in the title of the one that is meant
_PASSAGE_SHARE = 0.3  # of a sentence's score comes from the passage around it


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered passage as the answer sees it. `number` counts from 1.

    facts: its sentences that state what the knowledge graph found. article: that of a law which its text begins in.
    """

    number: int
    title: str
    text: str
    facts: tuple[str, ...] = ()
    article: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """What a passage states. `score` is about 0 to 1.7; `tokens` are its own and its passage's title's.

    span: where it stands in the passage. answers: it holds something of the kind that is asked for, beside what the
    question says itself. in_article: it belongs to the article that is asked for.
    """

    text: str
    number: int
    span: tuple[int, int]
    score: float
    tokens: frozenset[str]
    answers: bool
    in_article: bool


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement of a passage, its search tokens and those of what stands above it."""

    text: str
    span: tuple[int, int]
    tokens: frozenset[str]
    above: frozenset[str]
    in_article: bool


@functools.lru_cache(maxsize=64)  # the same evidence is read to judge it and to answer from it
def pick_sentences(asked: Asked, evidence: tuple[Evidence, ...], limit: int = 3) -> tuple[Pick, ...]:
    """The best sentence or list, and up to `limit` in all while each covers terms that those before it do not.

    Where an article is asked for and nothing of it in particular, they are those that it begins with.
    Nothing where the document that it names has no such article.
    """
    evidence = _of_named_document(asked, evidence)
    named = asked.article_tokens.union(*(term.tokens for term in asked.article_of))
    asks_for_all = bool(asked.article) and all(term.tokens <= named for term in asked.terms)
    chosen: list[Pick] = []
    covered: frozenset[str] = frozenset()
    share = 0.0
    for pick in sorted(_candidates(asked, evidence), key=lambda pick: -pick.score):
        if len(chosen) == limit or (chosen and pick.score < _LEAST_OF_BEST * chosen[0].score):
            break
        if any(_overlap(pick, other) for other in chosen):
            continue
        with_it = covered_share(asked.terms, covered | pick.tokens)
        goes_on = asks_for_all and pick.in_article and pick.number == chosen[0].number if chosen else True
        if goes_on or with_it - share >= _NEW_COVERAGE:
            chosen.append(pick)
            covered |= pick.tokens
            share = with_it
    return tuple(chosen)


def _of_named_document(asked: Asked, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Of a question on an article of a named document, the passages of that document; none where it lacks the article.

    What a document without the word writes before its text, "7.2 Insurance", is taken for its article.
    """
    if not asked.article_of:
        return evidence
    of_it = tuple(item for item in evidence if covered_share(asked.article_of, token_set(item.title)) >= _NAME_SHARE)
    has_it = any(said.in_article for item in of_it for said in _read(asked, item))
    return of_it if has_it or any(has_bare_number(asked.article, item.text) for item in of_it) else ()


def _overlap(pick: Pick, other: Pick) -> bool:
    return pick.number == other.number and pick.span[0] < other.span[1] and other.span[0] < pick.span[1]


def _candidates(asked: Asked, evidence: Sequence[Evidence]) -> list[Pick]:
    terms = asked.terms
    asked_tokens = all_tokens(terms)
    is_of_another, without_own_names = _other_things(asked), _own_names_removed(asked)
    begins_with_name = _begins_with_one_of([term.text for term in terms if term.weight >= 2])
    is_looked_up = _row_looked_up(terms)
    seen: set[str] = set()
    picks: list[Pick] = []
    for item in evidence:
        passage = _read(asked, item)
        in_passage = covered_share(terms, token_set(item.title).union(*(said.tokens for said in passage)))
        for said in passage:
            folded = fold(said.text)
            is_label = said.text.endswith(_OPEN_ENDS) or said.text.rstrip(".") == article_number(said.text)
            says_something = bool(said.tokens - asked_tokens - said.above) and not is_label
            is_on_it = said.in_article or not is_of_another(f"{item.title}\n{said.text}")
            if not says_something or folded in seen or not is_on_it:
                continue
            seen.add(folded)
            own = covered_share(terms, said.tokens | said.above)
            is_counted = not asked.unit or _counts_what_is_asked(terms, said, passage)
            holds = own > 0 and is_counted and answers(asked, without_own_names(said.text))
            score = (1 - _PASSAGE_SHARE) * own + _PASSAGE_SHARE * in_passage
            if holds and asked.kind != "other" and (asked.kind != "definition" or _defines_one(terms, folded)):
                score += _KIND_BONUS
            if said.text in item.facts:
                score += _FACT_BONUS
            if begins_with_name(folded):
                score += _SUBJECT_BONUS
            if is_looked_up(said.text):
                score += _CELL_BONUS
            if said.in_article:
                score += _ARTICLE_BONUS
            if len(said.text) > _LONG_SENTENCE:
                score *= 0.9
            tokens = said.tokens | said.above
            picks.append(Pick(said.text, item.number, said.span, score, tokens, holds, said.in_article))
    return picks


def _read(asked: Asked, item: Evidence) -> list[_Said]:
    """What a passage states. An article's number and heading stand above all that it says."""
    title = token_set(item.title)
    stated = placed_statements(item.text)
    article = {s for s in stated if asked.article and is_in_article(asked.article, item.text, s.start, item.article)}
    headings = {statement for statement in article if is_article_heading(statement.text)}
    # "Section 5. Officers." is the heading of what follows on its line.
    headings |= {s for before, s in itertools.pairwise(stated) if before in headings and is_heading(s.text)}
    if headings == article:
        headings = set()
    above = title.union(asked.article_tokens, *(token_set(heading.text) for heading in headings))
    return [
        _Said(s.text, (s.start, s.end), token_set(s.text), above if s in article else title, s in article)
        for s in stated
        if s not in headings
    ]


def _other_things(asked: Asked) -> Callable[[str], bool]:
    """Tells texts on 二标段 where 三标段 is asked for, or on another month: on the same thing, but another one."""
    shapes = [shape for term in asked.terms if (shape := numbered_shape(term.text))]
    wanted = {term.text for term in asked.terms}

    def is_of_another(text: str) -> bool:
        named = [set(shape.findall(fold(text))) for shape in shapes]
        if any(found and found.isdisjoint(wanted) for found in named):
            return True
        months = {date[:2] for date in dates_in(text)} if asked.months else set()
        return bool(months) and months.isdisjoint(asked.months)

    return is_of_another


def _begins_with_one_of(names: Sequence[str]) -> Callable[[str], bool]:
    """Tells sentences and rows on a thing (姓名：孟庭芳；…) from those that only mention it (…；上级：孟庭芳)."""
    pattern = re.compile(rf"(?:[^\s：:。，,；;]{{1,12}}[：:]\s*)?(?:{'|'.join(map(re.escape, names)) or '(?!)'})")
    return lambda folded: pattern.match(folded) is not None


def _row_looked_up(terms: Sequence[Term]) -> Callable[[str], bool]:
    """Tells rows of a thing that is asked for, with a column that is: the release at station 5 stands in such a row."""
    names = all_tokens(term for term in terms if term.weight >= 2)
    words = all_tokens(term for term in terms if term.weight < 2)

    def is_looked_up(statement: str) -> bool:
        cells = row_cells(statement) if names and words else []
        keys = [label for label, cell in cells if (tokens := token_set(cell)) and tokens <= names]
        return bool(keys) and any(label not in keys and token_set(label) & words for label, _ in cells)

    return is_looked_up


def _counts_what_is_asked(terms: Sequence[Term], said: _Said, passage: Sequence[_Said]) -> bool:
    """Whether a row holds all that is asked for and is a cell of some row: valves in Oslo are no pumps in Oslo."""
    if not row_cells(said.text):
        return True
    cells = {token_set(cell) for row in passage for _, cell in row_cells(row.text)}
    return all(term.tokens <= said.tokens for term in terms if all_tokens([term]) in cells)


def _own_names_removed(asked: Asked) -> Callable[[str], str]:
    """Takes the question's own names and numbers out of a sentence: they answer nothing. The unit stays."""
    names = [re.escape(term.text) for term in asked.terms if term.weight >= 2 and term.text != asked.unit]
    pattern = re.compile("|".join(names) or "(?!)", re.IGNORECASE)
    return lambda sentence: pattern.sub(" ", sentence)


def _defines_one(terms: Sequence[Term], folded: str) -> bool:
    return any(defines(term.text, folded) for term in terms)
