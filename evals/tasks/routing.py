"""Is a question sent the right way? Against labels that say from what kind of source each can be answered.

The run stops where the way is chosen: the web may be chosen, and nothing is searched in it. What is found on the way
is measured by the tasks that ask questions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from evals.metric import RowMetric, SetMetric
from evals.metrics.classification import macro_f1
from evals.pack import Pack
from evals.product import Product
from evals.records import Record, Row, Score
from evals.task import Rows, Task
from evals.tasks.fields import LANGUAGES, label_in, read_rows, text_in

WAYS = ("direct", "web", "vector", "graph")
LABELS = (*WAYS, "direct_or_web", "graph_or_vector")

# Sources of questions whose evidence a pack brings with it, and the file that is it.
_EVIDENCE = {
    "CMRC2018": "zh_single_hop_cmrc.corpus",
    "SQuAD 2.0": "en_single_hop_squad2.corpus",
    "KdConv": "kg_travel_zh.triples",
    "MuSiQue": "multihop_musique.corpus",
    "2Wiki": "multihop_2wiki.corpus",
}
# What the labels rest on: where questions come from and, of sources with several, the label.
_BASES = (
    ("chatterbot", "direct"),
    ("CLINC150", "direct"),
    ("CLINC150", "web"),
    ("CMATH", "direct"),
    ("GSM8K", "direct"),
    ("FreshQA", "web"),
    ("FreshQA", "direct_or_web"),
    ("RGB", "web"),
    ("CMRC2018", "vector"),
    ("SQuAD 2.0", "vector"),
    ("KdConv", "graph_or_vector"),
    ("MuSiQue", "graph"),
    ("2Wiki", "graph"),
    ("text2cypher", "graph"),
)


def first_route(record: Record) -> str:
    """The way that the product holds likeliest; "ask" where it asks back instead, "none" where it knows none."""
    routes = record["observed"]["routes"]
    if routes:
        return str(routes[0]["route"])
    return "ask" if record["observed"]["waiting"] else "none"


def is_met(label: str, route: str) -> bool:
    """Whether a way is one of those that a label admits: either of an "or"."""
    return route in label.split("_or_")


def route_pairs(records: Iterable[Record]) -> list[tuple[str, str]]:
    """The right way and the first one that was chosen, of each record.

    An "or" label stands for the way that was chosen if that is one of the two, otherwise for its first.
    """
    pairs = []
    for record in records:
        label, chosen = str(record["gold"]["route"]), first_route(record)
        pairs.append((chosen if is_met(label, chosen) else label.split("_or_")[0], chosen))
    return pairs


def _read(pack: Pack) -> Rows:
    held = tuple(source for source, file in _EVIDENCE.items() if pack.has(file))

    def rows_of(values: Mapping[str, Any]) -> list[Row]:
        source = text_in(values, "source")
        gold = {
            "route": label_in(values, "route", LABELS),
            "language": label_in(values, "lang", LANGUAGES),
            "source": source,
            "basis": text_in(values, "label_basis"),
            "is_stored": any(name in source for name in held),
        }
        return [Row(text_in(values, "id"), {"question": text_in(values, "question")}, gold)]

    return read_rows(pack, "routing", rows_of)


async def _observe(row: Row, product: Product) -> Mapping[str, Any]:
    return await product.route(row.given["question"], web="auto")


def _is_first(record: Record) -> Score:
    return float(is_met(record["gold"]["route"], first_route(record)))


def _is_among(record: Record) -> Score:
    return float(any(is_met(record["gold"]["route"], each["route"]) for each in record["observed"]["routes"]))


def _waits_for(kind: str) -> Callable[[Record], Score]:
    return lambda record: float(record["observed"]["waiting"] == kind)


def _macro_f1(records: Sequence[Record]) -> Score:
    return macro_f1(route_pairs(records), WAYS)


def _accuracy_of(name: str, about: str, applies: Callable[[Mapping[str, Any]], bool]) -> RowMetric:
    """The accuracy over the rows whose gold is of one kind."""

    def score(record: Record) -> Score | None:
        return _is_first(record) if applies(record["gold"]) else None

    return RowMetric(f"accuracy[{name}]", score, f"accuracy over {about}")


def _basis(source: str, label: str) -> RowMetric:
    return _accuracy_of(
        f"{source} {label}",
        f"questions of {source} labelled {label}",
        lambda gold: source in gold["source"] and gold["route"] == label,
    )


def _language(language: str) -> RowMetric:
    return _accuracy_of(language, f"questions in {language}", lambda gold: gold["language"] == language)


MACRO_F1 = SetMetric(
    "macro_f1",
    _macro_f1,
    "mean of 2PR/(P+R) over direct, web, vector and graph, those that occur; an either-or label counts as the route "
    "chosen when that is one of the two, else as its first",
    unit="score",
)

ROUTING = Task(
    name="routing",
    file="routing",
    about="Which way a question is sent, over stores that hold all corpora; the web may be chosen and is not searched.",
    read=_read,
    observe=_observe,
    metrics=(
        RowMetric("accuracy", _is_first, "rows whose first route is the label, or one of an either-or label, / rows"),
        MACRO_F1,
        RowMetric("among_routes", _is_among, "rows among whose routes is one that the label admits / rows"),
        RowMetric("clarifies", _waits_for("clarify"), "rows that are asked back about / rows", better="neither"),
        RowMetric(
            "needs_permission",
            _waits_for("permission"),
            "rows for which nothing is searched before the user allows the web / rows",
            better="neither",
        ),
        *map(_language, LANGUAGES),
        _accuracy_of("stored", "questions whose evidence is in the stores", lambda gold: bool(gold["is_stored"])),
        _accuracy_of("not stored", "questions whose evidence is not in the stores", lambda gold: not gold["is_stored"]),
        *(_basis(source, label) for source, label in _BASES),
    ),
)

ROUTING_TASKS = (ROUTING,)
