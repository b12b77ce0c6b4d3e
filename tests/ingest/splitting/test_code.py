"""Source code by function and class; nothing that belongs to one stands elsewhere."""

from pathlib import Path

import pytest

from ingest.load import load_content
from ingest.splitting.definitions import definition
from ingest.splitting.split import split
from tests.ingest.splitting.texts import loaded
from tools.shapes import Chunk

PYTHON = '''"""Settlement of piles."""

import math

LIMIT = 30


# Read each week.
@cached
def settlement(days: int) -> float:
    """Millimetres after so many days."""

    return LIMIT * (1 - math.exp(-days / 90))


class Pile:
    """One pile."""

    def __init__(self, length: float) -> None:
        self.length = length

    async def load(
        self,
        force: float,
    ) -> None:
        self.force = force
'''

JAVA = """package org.example;

import java.util.List;

/**
 * A pile.
 */
@Entity
public class Pile<T> extends Body
{
    private int length;

    /** Reads it. */
    @Override
    public int length() {
        if (length < 0) {
            throw new IllegalStateException();
        }
        return length;
    }

    private static List<String> names(int many, String... more)
    {
        return List.of();
    }
}

interface Body { int length(); }
"""

SCRIPT = """import { x } from "y";

/** Adds. */
export async function add(a, b) {
  return a + b;
}

export const twice = (a) => {
  return add(a, a);
};

type Id = string;

export default class Store extends Base {
  #items = [];

  get size() { return this.#items.length; }
}
"""

GO = """package main

import "fmt"

// Pile is one.
type Pile struct {
	Length int
}

// Load puts weight on it.
func (p *Pile) Load(force int) error {
	fmt.Println(force)
	return nil
}
"""

RUST = """use std::fmt;

#[derive(Debug)]
pub struct Pile {
    length: u32,
}

impl fmt::Display for Pile {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.length)
    }
}

/// Adds.
pub(crate) async fn add<T>(a: T) -> T { a }
"""

CPP = """#include <vector>
#define LIMIT 30

// One pile.
struct Pile {
    int length;
};

int Pile::load(int force) const
{
    if (force > LIMIT)
        return 1;
    return 0;
}

template <typename T>
T twice(T value) { return value * 2; }

static int forward(int);
"""

CSHARP = """using System;

namespace Example
{
    /// <summary>A pile.</summary>
    [Serializable]
    public sealed record Pile(int Length);

    public static class Piles
    {
        public static int Count(int many) => many;
    }
}
"""


def _chunks(language: str, text: str) -> list[Chunk]:
    return split(loaded(text, programming_language=language), "doc-1", "code")


def _named(language: str, text: str) -> list[tuple[str, str]]:
    """The section of each chunk, and the line that it begins with."""
    return [(chunk.section, chunk.text.partition("\n")[0]) for chunk in _chunks(language, text)]


def test_python() -> None:
    assert _named("python", PYTHON) == [
        ("", '"""Settlement of piles."""'),
        ("settlement", "# Read each week."),
        ("Pile", "class Pile:"),
    ]
    assert _chunks("python", PYTHON)[1].text.endswith("math.exp(-days / 90))")
    assert "async def load(" in _chunks("python", PYTHON)[2].text


def test_a_fence_around_the_file_stays_with_what_it_touches() -> None:
    chunks = _chunks("python", f"```python\n{PYTHON}```")
    assert [chunk.section for chunk in chunks] == ["", "settlement", "Pile"]
    assert chunks[0].text.startswith("```python\n")
    assert chunks[2].text.endswith("self.force = force\n```")


def test_a_class_too_large_is_split_by_its_methods() -> None:
    method = '''    @property
    def value_{n}(self) -> int:
        """The value after {n} days."""
        total = self.first + self.second * self.third - self.fourth
        for day in range({n}):
            total += day * self.factor_of(day) + self.weight_of(day, self.length)
        return total
'''
    text = 'class Pile:\n    """One pile."""\n\n    limit = 3\n\n' + "\n".join(method.format(n=n) for n in range(9))
    chunks = _chunks("python", text)
    assert [chunk.section for chunk in chunks] == ["Pile", *(f"Pile > value_{n}" for n in range(9))]
    assert chunks[0].text == 'class Pile:\n    """One pile."""\n\n    limit = 3'
    assert all(chunk.text == method.format(n=n).rstrip() for n, chunk in enumerate(chunks[1:]))


def test_java() -> None:
    assert _named("java", JAVA) == [
        ("", "package org.example;"),
        ("Pile", "/**"),
        ("Body", "interface Body { int length(); }"),
    ]
    assert _chunks("java", JAVA)[1].text.endswith("}\n}")


def test_javascript_and_typescript() -> None:
    assert _named("typescript", SCRIPT) == [
        ("", 'import { x } from "y";'),
        ("add", "/** Adds. */"),
        ("twice", "export const twice = (a) => {"),
        ("Id", "type Id = string;"),
        ("Store", "export default class Store extends Base {"),
    ]


def test_go() -> None:
    assert _named("go", GO) == [
        ("", "package main"),
        ("Pile", "// Pile is one."),
        ("Load", "// Load puts weight on it."),
    ]


def test_rust() -> None:
    assert _named("rust", RUST) == [
        ("", "use std::fmt;"),
        ("Pile", "#[derive(Debug)]"),
        ("fmt::Display for Pile", "impl fmt::Display for Pile {"),
        ("add", "/// Adds."),
    ]


def test_cpp() -> None:
    assert _named("c++", CPP) == [
        ("", "#include <vector>"),
        ("Pile", "// One pile."),
        ("Pile::load", "int Pile::load(int force) const"),
        ("twice", "template <typename T>"),
        ("", "static int forward(int);"),
    ]


def test_csharp_inside_a_namespace_that_is_too_large() -> None:
    large = CSHARP.replace("=> many;", "=> many" + " + many" * 200 + ";")
    assert _named("c#", large)[:3] == [
        ("", "using System;"),
        ("Example", "namespace Example"),
        ("Example > Pile", "    /// <summary>A pile.</summary>"),
    ]


def test_an_unknown_language_is_read_by_the_words_that_most_have() -> None:
    text = "fun one() {\n  1\n}\n\nfunction two() {\n  2\n}\n\nmodule Three {\n}"
    assert [section for section, _ in _named("", text)] == ["one", "two", "Three"]


@pytest.mark.parametrize(
    ("language", "line", "name"),
    [
        ("kotlin", "suspend fun load(force: Int): Int {", "load"),
        ("kotlin", "data class Pile(val length: Int)", "Pile"),
        ("scala", "case class Pile(length: Int)", "Pile"),
        ("swift", "public func load(_ force: Int) -> Int {", "load"),
        ("swift", "extension Pile: Body {", "Pile"),
        ("ruby", "def settled?", "settled?"),
        ("php", "public static function load($force)", "load"),
        ("lua", "local function load(force)", "load"),
        ("bash", "load() {", "load"),
        ("sql", "CREATE UNIQUE INDEX IF NOT EXISTS piles_by_length ON piles (length);", "piles_by_length"),
        ("sql", "create or replace view long_piles as", "long_piles"),
        ("powershell", "function Get-Load {", "Get"),
        ("c", "static inline unsigned long load(const struct pile *p)", "load"),
        ("cpp", "Pile::~Pile() noexcept {", "Pile::~Pile"),
        ("csharp", "protected override async Task<List<int>> Load(int force)", "Load"),
        ("javascript", "  async load(force) {", ""),
    ],
)
def test_definitions_of_other_languages(language: str, line: str, name: str) -> None:
    assert definition(language, line) == name


def test_calls_and_statements_define_nothing() -> None:
    for language in ("java", "c++", "typescript", "c#"):
        for line in ("return add(1);", "if (x > 1) {", "while (true)", "add(1, 2);", "} else {", "x = add(1);"):
            assert not definition(language, line), (language, line)


def test_a_line_of_a_hundred_thousand_characters_is_split() -> None:
    text = "var a=function(b){" + "x(1);" * 20_000 + "}"
    chunks = _chunks("javascript", text)
    assert "".join(chunk.text for chunk in chunks) == text


def test_no_chunk_has_a_line_of_the_fence() -> None:
    [source] = load_content(PYTHON.encode(), Path("pile.py"))
    chunks = split(source, "doc-1", "code")
    assert chunks[0].text.startswith('"""Settlement of piles."""')
    assert "```" not in "".join(chunk.text for chunk in chunks)
