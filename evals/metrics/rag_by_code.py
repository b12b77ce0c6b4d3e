"""The quantities of RAGAS (Es et al., 2023) by code: proxies, for where no model judges.

The library asks a language model to take texts apart and to compare what they say; here sentences stand for statements,
the product's own check of support (evals.metrics.claims) for the comparison, and shared words for embeddings.
Context precision alone is the published formula as it stands. What a model would score by its meaning, such as a
paraphrase, is scored too low. The same check decides what the product says, so that what it extracts is faithful by
construction: faithfulness by code tells models apart, not extracts. Range: 0 to 1 each.

answer_text: without marks, and empty for a refusal (evals.metrics.answered.answered_text); then what is asked of an
answer is NotComputed("refused").
"""

import math
from collections import Counter
from collections.abc import Sequence

from evals.metrics.claims import claims, supported_share
from evals.metrics.overlap import contains, token_f1
from evals.records import NotComputed, Score
from tools.shapes import Language
from tools.text.answer_kind import answer_kind
from tools.text.coverage import term_share
from tools.text.language import detect_language
from tools.text.question import answers, asked_for
from tools.text.tokens import search_tokens, token_set

_REFUSED = NotComputed("refused")
# What the kind of answer weighs beside the question's terms: as much as a name (tools.text.question).
_KIND_WEIGHT = 2.0
# RAGAS's defaults.
_FACTUAL_WEIGHT, _SIMILARITY_WEIGHT = 0.75, 0.25


def faithfulness(answer_text: str, contexts: Sequence[str]) -> Score:
    """Share of the answer's sentences that claim something which the contexts support together.

    RAGAS: statements that can be inferred / statements. NotComputed for a refusal, without contexts, when nothing is
    claimed, and when answer and contexts are in different languages.
    """
    if not answer_text.strip():
        return _REFUSED
    if not any(context.strip() for context in contexts):
        return NotComputed("no contexts")
    return supported_share(claims(answer_text), contexts)


def answer_relevancy(question: str, answer_text: str) -> Score:
    """Weighted share of what the question asks for that the answer takes up.

    That is its content terms, each as heavy as tools.text.question says, in their own words or synonyms, and, where it
    asks for a time, number, person or place, something of that kind, as heavy as a name. RAGAS instead lets a model
    write the questions that the answer would answer, and compares them with this one; in both, an answer that stands
    alone ("1997.") is tied to its question by little. NotComputed for a refusal, for a question that names nothing, and
    when the two are in different languages.
    """
    if not answer_text.strip():
        return _REFUSED
    asked = asked_for(question)
    if not asked.terms:
        return NotComputed("the question names nothing")
    if detect_language(question) != detect_language(answer_text):
        return NotComputed("question and answer in different languages")
    tokens = token_set(answer_text)
    shares = [(term.weight, term_share(term, tokens)) for term in asked.terms]
    if answer_kind(question) not in ("other", "definition"):
        shares.append((_KIND_WEIGHT, float(answers(asked, answer_text))))
    return sum(weight * share for weight, share in shares) / sum(weight for weight, _ in shares)


def context_precision(contexts_relevant: Sequence[bool]) -> Score:
    """Σ precision@k · relevant(k) / number of relevant contexts: are the relevant ones in front? 0 when none is.

    contexts_relevant: for each context, best first, whether it is relevant. NotComputed without contexts.
    """
    if not contexts_relevant:
        return NotComputed("no contexts")
    places = [place for place, relevant in enumerate(contexts_relevant, start=1) if relevant]
    return sum(number / place for number, place in enumerate(places, start=1)) / len(places) if places else 0.0


def context_recall(reference: str, contexts: Sequence[str]) -> Score:
    """Share of the reference's sentences that claim something which the contexts support; 0 without contexts.

    RAGAS: sentences of the reference that can be attributed to the contexts / its sentences. A bare yes or no stands
    in hardly any context. NotComputed when the reference claims nothing, or is in another language than the contexts.
    """
    return supported_share(claims(reference), contexts)


def answer_correctness(answer_text: str, reference: str, language: Language) -> Score:
    """0.75 · factual + 0.25 · similarity, RAGAS's weights.

    factual: 1 when the reference stands in the answer, else the F1 of their tokens, where RAGAS has the F1 of their
    statements. similarity: cosine of the counts of their search tokens, where RAGAS has that of their embeddings. What
    an answer says beyond a reference that stands in it costs it nothing but similarity: read its length beside it.
    NotComputed for a refusal, and without a reference.
    """
    if not answer_text.strip():
        return _REFUSED
    if not reference.strip():
        return NotComputed("no reference")
    factual = max(contains(answer_text, [reference], language), token_f1(answer_text, [reference], language))
    return _FACTUAL_WEIGHT * factual + _SIMILARITY_WEIGHT * _cosine(answer_text, reference)


def _cosine(one: str, other: str) -> float:
    first, second = Counter(search_tokens(one)), Counter(search_tokens(other))
    product = sum(count * second[token] for token, count in first.items())
    return min(1.0, product / math.sqrt(_square(first) * _square(second))) if product else 0.0


def _square(counts: Counter[str]) -> int:
    return sum(count * count for count in counts.values())
