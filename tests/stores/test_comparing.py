"""Comparing two sets of stores, with eyes that see a difference."""

from hypothesis import given
from hypothesis import strategies as st

from tests.stores.comparison import compared_all, unheard
from tests.stores.corpus import contents
from tests.stores.examples import make_chunks, make_document
from tools.shapes import Extraction
from tools.stores.comparing import indexed_collections, same_found, same_ranking
from tools.stores.moving import copy_documents
from tools.stores.protocols import ScoredChunk
from tools.stores.stores import Stores

pytest_plugins = ["tests.stores.moving_fixtures"]


async def test_an_index_that_lacks_something_is_noticed(source: Stores, target: Stores) -> None:
    await copy_documents(source.ledger, target.ledger, unheard)
    await target.replay()
    _, chunks, _ = contents(2)
    await target.vector_store.remove("one", [chunks[0].id])
    differences = (await compared_all(source, target)).differences
    assert any("the index of 'one'" in difference for difference in differences)


async def test_searches_that_find_something_else_are_noticed(source: Stores, target: Stores) -> None:
    await copy_documents(source.ledger, target.ledger, unheard)
    await target.replay()

    class Reversed:
        def __getattr__(self, name: str) -> object:
            return getattr(target.vector_store, name)

        async def search(self, query: str, **more: object) -> list[ScoredChunk]:
            return (await target.vector_store.search(query, **more))[::-1]  # type: ignore[arg-type]

    spoiled = Stores(target.ledger, Reversed(), target.knowledge_graph)  # type: ignore[arg-type]
    assert any("the search" in difference for difference in (await compared_all(source, spoiled)).differences)


async def test_what_the_target_holds_beside_them_is_no_difference(source: Stores, target: Stores) -> None:
    own = make_document("own.md", collection="one")
    await target.ledger.replace_document(own, make_chunks(own, "contract station audit " * 9), Extraction())
    await copy_documents(source.ledger, target.ledger, unheard)
    await target.replay()
    compared = await compared_all(source, target)
    assert compared.is_equal
    assert 0 < compared.samples < 40


async def test_an_index_that_is_not_kept_up_says_nothing(source: Stores, target: Stores) -> None:
    await copy_documents(source.ledger, target.ledger, unheard)
    await target.replay()
    assert await indexed_collections(source) == {"one", "two"}
    await source.ledger.mark_all_pending("one")
    await source.vector_store.remove("two", [contents(1)[1][0].id])
    assert await indexed_collections(source) == set()


@given(st.lists(st.tuples(st.uuids(), st.integers(1, 5)), max_size=12), st.randoms())
def test_only_equal_scores_may_change_places(found: list[tuple[object, int]], chance: object) -> None:
    ranking = sorted((ScoredChunk(str(id_), float(score)) for id_, score in found), key=lambda each: -each.score)
    shuffled = sorted(ranking, key=lambda each: (-each.score, chance.random()))  # type: ignore[attr-defined]
    assert same_ranking(ranking, shuffled)
    if len({each.score for each in ranking}) > 1:
        assert not same_ranking(ranking, ranking[1:] + ranking[:1])


def test_another_chunk_where_the_limit_cuts_is_a_tie_and_elsewhere_a_difference() -> None:
    ranking = [ScoredChunk("a", 3.0), ScoredChunk("b", 2.0), ScoredChunk("c", 1.0)]
    other_end = [*ranking[:2], ScoredChunk("d", 1.0)]
    assert same_ranking(ranking, other_end, limit=3)
    assert not same_ranking(ranking, other_end, limit=4)
    assert not same_ranking([ScoredChunk("a", 1.0)], [ScoredChunk("b", 1.0)], limit=10)
    assert same_ranking(ranking, [ScoredChunk("a", 3.0001), *ranking[1:]], limit=3)
    assert not same_ranking(ranking, [ScoredChunk("d", 3.0), *ranking[1:]], limit=3)
    assert not same_ranking(ranking, [ScoredChunk("b", 3.0), ScoredChunk("a", 2.0), ranking[2]], limit=3)
    assert not same_ranking(ranking, ranking[:2], limit=3)
    assert same_ranking([], [], limit=3)


def test_over_several_shards_only_what_is_found_counts() -> None:
    ranking = [ScoredChunk(name, float(score)) for score, name in zip((4, 3, 2, 1), "abcd", strict=True)]
    shifted = [ScoredChunk(name, float(score)) for score, name in zip((5, 3, 2, 1), "bacd", strict=True)]
    assert same_found(ranking, shifted, limit=5)
    assert same_found(ranking, shifted, limit=4)
    assert same_found(ranking, [*shifted[:3], ScoredChunk("e", 1.0)], limit=4)
    assert not same_found(ranking, [*shifted[:3], ScoredChunk("e", 1.0)], limit=5)
    assert not same_found(ranking, [ScoredChunk("e", 9.0), *shifted[:3]][::-1], limit=5)
    assert not same_found(ranking, [ScoredChunk(name, 1.0) for name in "efgh"], limit=4)
    assert not same_found(ranking, ranking[:3], limit=4)
