"""The functions, classes and other definitions of source code, as the grammar of its language finds them."""

import importlib
import itertools
from collections.abc import Container, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

from tree_sitter import Language, Node, Parser, Point, Query, QueryCursor, Tree

from ingest.splitting.grammars import GRAMMARS, Grammar

_MAX_NAME_CHARACTERS = 80
_DEEPEST = 20
_LEAST_STEPS = 200  # of the parser, each of a hundred operations: source code takes one for 100 to 300 bytes
_BYTES_OF_A_STEP = 25
_READ_BYTES = 65_536


@dataclass(slots=True)
class Definition:
    """The lines from `first` up to `last`, with the comments right above; `inner`: the definitions within, in order.

    `is_member`: it is one only within another.
    """

    name: str
    first: int
    last: int
    is_member: bool = False
    inner: list["Definition"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outline:
    """What stands in source code. `definitions`: the outermost, in order.

    `statements`: the lines, from and up to, of those that may hold definitions and are none, as calls.
    """

    definitions: list[Definition]
    statements: list[tuple[int, int]]


def outline_of(text: str, language: str) -> Outline | None:
    """Of source code that may be incomplete, in a language that is in `GRAMMARS`; lines count from 0.

    None for a text that is so far from the language that it would take minutes.
    """
    source = text.encode("utf-8", "replace")
    parsed: list[tuple[Grammar, Tree]] = []
    for grammar in GRAMMARS[language]:
        if not parsed or parsed[0][1].root_node.has_error:
            tree = _parsed(source, grammar)
            parsed.extend([(grammar, tree)] if tree else [])
    if not parsed:
        return None
    grammar, tree = min(parsed, key=lambda each: _errors(*each)) if len(parsed) > 1 else parsed[0]
    lines = text.split("\n")
    found, above, statements = _found(grammar, tree, lines)
    definitions = _nested(found)
    _take_above(definitions, above, lines, 0)
    return Outline(definitions, statements)


@cache
def _language(grammar: Grammar) -> Language:
    return Language(getattr(importlib.import_module(grammar.module), grammar.language)())


@cache
def _query(grammar: Grammar, query: str) -> Query:
    return Query(_language(grammar), query)


def _parsed(source: bytes, grammar: Grammar) -> Tree | None:
    steps = itertools.count()
    most = _LEAST_STEPS + len(source) // _BYTES_OF_A_STEP

    def read(start: int, _: Point) -> bytes:
        return source[start : start + _READ_BYTES]

    with suppress(ValueError):  # what a parser raises that is stopped
        return Parser(_language(grammar)).parse(read, progress_callback=lambda *_: next(steps) > most)
    return None


def _errors(grammar: Grammar, tree: Tree) -> int:
    """How much of the text is none of the grammar's language, in bytes."""
    found = QueryCursor(_query(grammar, "(ERROR) @error")).captures(tree.root_node)
    return sum(node.end_byte - node.start_byte for node in found.get("error", []))


def _found(
    grammar: Grammar, tree: Tree, lines: Sequence[str]
) -> tuple[list[Definition], set[int], list[tuple[int, int]]]:
    """All definitions, in any order, the lines that belong to what is below them, and statements."""
    by_name: dict[int, Definition] = {}  # of two with one name, one is around the other
    above: set[int] = set()
    statements: list[tuple[int, int]] = []
    for _, captures in QueryCursor(_query(grammar, grammar.query)).matches(tree.root_node):
        name = captures.pop("name", [None])[0]
        [(kind, [node, *_])] = captures.items()
        first, last = node.start_point.row, _end(node)
        if kind == "above":
            if not lines[first].encode("utf-8", "replace")[: node.start_point.column].strip():
                above.update(range(first, last))
        elif kind == "statement":
            statements.append((first, last))
        elif name is not None:
            known = by_name.setdefault(name.start_byte, Definition(_name(name), first, last, kind == "member"))
            known.first, known.last = min(known.first, first), max(known.last, last)
            known.is_member &= kind == "member"
    return list(by_name.values()), above, statements


def _end(node: Node) -> int:
    """The line behind it."""
    row, column = node.end_point
    return row + (column > 0 or row == node.start_point.row)


def _name(node: Node) -> str:
    """As it is written, with the type that a method is of where that stands beside the name."""
    while inner := node.child_by_field_name("declarator") or _referred(node):
        node = inner
    name, parent = _text(node), node.parent
    if parent is not None and parent.type == "impl_item" and (trait := parent.child_by_field_name("trait")):
        name = f"{_text(trait)} for {name}"
    elif parent is not None and parent.type == "singleton_method" and (of := parent.child_by_field_name("object")):
        name = f"{_text(of)}.{name}"
    elif parent is not None and (receiver := parent.child_by_field_name("receiver")):
        types = [each.child_by_field_name("type") for each in receiver.named_children]
        name = ".".join([*(_text(each).lstrip("*") for each in types if each), name])
    return name[:_MAX_NAME_CHARACTERS]


def _referred(node: Node) -> Node | None:
    """What a C++ declarator such as &name is of."""
    return node.named_child(0) if node.type == "reference_declarator" else None


def _text(node: Node) -> str:
    return " ".join((node.text or b"").decode("utf-8", "replace").split())


def _nested(found: Sequence[Definition]) -> list[Definition]:
    """Each within the one that it stands in, but for those that share their first line with what is before them."""
    outermost = Definition("", -1, 1 << 60)
    path = [outermost]
    for each in sorted(found, key=lambda each: (each.first, -each.last)):
        while each.first >= path[-1].last:
            path.pop()
        around = path[-1]
        shares_line = each.first == around.first or each.last > around.last
        if not (shares_line or len(path) > _DEEPEST or (each.is_member and around is outermost)):
            around.inner.append(each)
            path.append(each)
    return outermost.inner


def _take_above(definitions: Sequence[Definition], above: Container[int], lines: Sequence[str], begin: int) -> None:
    """Has each begin with what belongs to it above, from the line `begin` on, also where one line between is blank."""
    for each in definitions:
        _take_above(each.inner, above, lines, each.first + 1)
        first = each.first - 1 if each.first - 2 in above and not lines[each.first - 1].strip() else each.first
        while first > begin and first - 1 in above:
            first -= 1
        is_head = first == 0 and each.first - 1 not in above  # of the file: its licence
        each.first = each.first if is_head else max(first, begin)
        begin = each.last
