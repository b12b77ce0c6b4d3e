"""Search in the knowledge graph: facts about the entities a question names, and what those lead to."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.access import Access
from tools.shapes import Fact, Filters, Hit, Language, SearchResult
from tools.sources.source import no_cues
from tools.stores.protocols import EvidenceStore, KnowledgeGraph
from tools.text.answer_kind import answer_kind, has_kind
from tools.text.coverage import covered_share
from tools.text.question import Term, content_terms
from tools.text.tokens import fold, token_set

_ENTITY_LIMIT = 6
_FACT_LIMIT = 200
_BRIDGE_LIMIT = 8
_ASKS_HOW_RELATED = re.compile(r"关系|联系|关联|\b(?:between|relat\w+|connect\w*)\b", re.IGNORECASE)
_PATH_HOPS = 4
_PATH_LIMIT = 2
# A chain between two entities that the query names says how they are related, whatever its words.
_PATH_SCORE = 1.0
_CHAIN_LIMIT = 20
# Chains that say much less than the best one are about something else.
_LEAST_OF_BEST = 0.75
_STATED_SHARE = 0.7
_HOP_COST = 0.05
_COOCCURRENCE_COST = 0.15
_KIND_BONUS = 0.1
COOCCURRENCE = ("共现", "co-occurs with")
"""Relation names that say no more than that two entities stand in one sentence."""


@dataclass(frozen=True, slots=True)
class _Chain:
    facts: tuple[Fact, ...]
    score: float


class KnowledgeGraphSource:
    """Finds facts by the entities that stand in the query, up to two steps away."""

    name = "graph"
    description = (
        "A knowledge graph of the documents: who is responsible for what, what belongs to what, chains of relations."
    )
    leaves_machine = False
    cues: Mapping[Language, re.Pattern[str]] = {
        "zh": re.compile(
            r"关系|谁(?:负责|主管|分管|领导|管理|签|审|任命|担任)|(?:负责|分管|主管|牵头|参与|承建|监理|设计|施工)[^，。？?]{0,12}"
            r"(?:的)?(?:谁|哪些|哪家|哪位|单位|公司|人员)|上级|下属|下级|隶属|哪些(?:人|公司|单位|部门|项目|标段)|由(?:谁|哪)"
            r"|的[^的，。？?]{0,8}(?:单位|公司|负责人|经理|主任|总监|代表人|工程师|设计师|上级|领导)是(?:谁|哪)"
            r"|的[^的，。？?]{1,12}的[^的，。？?]{1,12}是(?:谁|哪)"
        ),
        "en": re.compile(
            r"\b(?:relation(?:ship)?|related|connect(?:ed|ion)|reports? to|report(?:ing)? line|in charge of"
            r"|responsible for|supervis\w+|subsidiar\w+|belongs? to|works? (?:for|with)"
            r"|who (?:manages|leads|heads|approves|signed|owns)"
            r"|which (?:people|companies|contractors?|suppliers?|departments?|projects?))\b|\w+'s \w+'s ",
            re.IGNORECASE,
        ),
    }
    weak_cues: Mapping[Language, re.Pattern[str]] = no_cues()
    timeout_seconds = 10.0

    def __init__(self, ledger: EvidenceStore, knowledge_graph: KnowledgeGraph) -> None:
        self._ledger = ledger
        self._graph = knowledge_graph

    async def search(
        self, query: str, *, access: Access, filters: Filters, limit: int, deadline: float
    ) -> SearchResult:
        """Passages that state the facts which best answer the query. Raises StoreError."""
        matches = await self._graph.entities_in(query, access=access, filters=filters, limit=_ENTITY_LIMIT)
        if not matches:
            return SearchResult("empty", detail="no known entity in the query")
        named = [match.name for match in matches]
        near = await self._graph.neighbourhood(named, hops=1, access=access, filters=filters, limit=_FACT_LIMIT)
        terms = await asyncio.to_thread(content_terms, query, tuple(named))
        bridges = await asyncio.to_thread(_bridges, near, named, terms)
        far = (
            await self._graph.neighbourhood(bridges, hops=1, access=access, filters=filters, limit=_FACT_LIMIT)
            if bridges
            else []
        )
        chains = await asyncio.to_thread(_chains, query, terms, named, near, far)
        if len(named) > 1 and _ASKS_HOW_RELATED.search(query):
            found = await self._graph.paths(
                named[0], named[1], max_hops=_PATH_HOPS, access=access, filters=filters, limit=_PATH_LIMIT
            )
            chains = [_Chain(tuple(path), _PATH_SCORE) for path in found if len(path) > 1] + chains
        return await self._hits(chains, access, limit)

    async def _hits(self, chains: Sequence[_Chain], access: Access, limit: int) -> SearchResult:
        facts: dict[str, list[Fact]] = {}
        scores: dict[str, float] = {}
        for chain in chains:
            for fact in chain.facts:
                if fact.chunk_id not in facts and len(facts) >= limit:
                    continue
                known = facts.setdefault(fact.chunk_id, [])
                if fact not in known:
                    known.append(fact)
                scores[fact.chunk_id] = max(scores.get(fact.chunk_id, 0.0), chain.score)
        passages = await self._ledger.passages(facts, access)
        hits = tuple(
            Hit(passages[chunk], scores[chunk], self.name, tuple(facts[chunk]))
            for chunk in sorted(facts, key=lambda chunk: -round(scores[chunk], 6))
            if chunk in passages
        )
        return SearchResult("ok" if hits else "empty", hits)


def _words_of(chain: _Chain) -> tuple[int, list[str]]:
    said = [fact.sentence for fact in chain.facts]
    return sum(map(len, said)), said


def _share(terms: Sequence[Term], facts: Sequence[Fact]) -> float:
    """How much of the query facts cover, 0 to 1. What they state counts most: their sentence may state much else."""
    stated = frozenset[str]().union(*(token_set(f"{fact.head} {fact.relation} {fact.tail}") for fact in facts))
    said = stated.union(*(token_set(fact.sentence) for fact in facts))
    return _STATED_SHARE * covered_share(terms, stated) + (1 - _STATED_SHARE) * covered_share(terms, said)


def _bridges(near: Sequence[Fact], named: Sequence[str], terms: Sequence[Term]) -> list[str]:
    """Entities one step away, those of the facts that cover most of the query first."""
    start = {fold(name) for name in named}
    ranked = sorted(near, key=lambda fact: (fact.relation in COOCCURRENCE, -_share(terms, [fact]), fact.sentence))
    names = (name for fact in ranked for name in (fact.head, fact.tail) if fold(name) not in start)
    return list(dict.fromkeys(names))[:_BRIDGE_LIMIT]


def _chains(
    query: str, terms: Sequence[Term], named: Sequence[str], near: Sequence[Fact], far: Sequence[Fact]
) -> list[_Chain]:
    """Single facts and pairs that share an entity, best first."""
    kind = answer_kind(query)
    start = {fold(name) for name in named}

    def chain(*facts: Fact) -> _Chain:
        score = _share(terms, facts) - _HOP_COST * (len(facts) - 1)
        score -= _COOCCURRENCE_COST * sum(fact.relation in COOCCURRENCE for fact in facts)
        if kind != "other" and has_kind(kind, facts[-1].tail + " " + facts[-1].head):
            score += _KIND_BONUS
        return _Chain(facts, score)

    by_entity: dict[str, list[Fact]] = {}
    for fact in far:
        for name in {fold(fact.head), fold(fact.tail)} - start:
            by_entity.setdefault(name, []).append(fact)
    best_single: dict[str, float] = {}
    chains = []
    for fact in near:
        single = chain(fact)
        best_single[fact.id] = single.score
        chains.append(single)
    for first in sorted(near, key=lambda fact: (-best_single[fact.id], fact.sentence))[: _BRIDGE_LIMIT * 2]:
        for name in {fold(first.head), fold(first.tail)} - start:
            for second in by_entity.get(name, ()):
                if second.id != first.id:
                    pair = chain(first, second)
                    if pair.score > best_single[first.id]:
                        chains.append(pair)
    # Of equals the one that says least beside it; then by the words, so that the same files give the same answer.
    chains.sort(key=lambda each: (-round(each.score, 6), *_words_of(each)))
    return [each for each in chains if each.score >= _LEAST_OF_BEST * chains[0].score][:_CHAIN_LIMIT]
