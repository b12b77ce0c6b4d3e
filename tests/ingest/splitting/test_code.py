"""Source code by function and class; nothing that belongs to one stands elsewhere."""

import random
from pathlib import Path

import pytest

from ingest.load import load_content
from ingest.splitting.grammars import GRAMMARS
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
        ("Pile.Load", "// Load puts weight on it."),
    ]


def test_rust() -> None:
    assert _named("rust", RUST) == [
        ("", "use std::fmt;"),
        ("Pile", "#[derive(Debug)]"),
        ("fmt::Display for Pile", "impl fmt::Display for Pile {"),
        ("add", "/// Adds."),
    ]


def test_cpp() -> None:
    assert _named("cpp", CPP) == [
        ("", "#include <vector>"),
        ("Pile", "// One pile."),
        ("Pile::load", "int Pile::load(int force) const"),
        ("twice", "template <typename T>"),
        ("", "static int forward(int);"),
    ]


def test_csharp_inside_a_namespace_that_is_too_large() -> None:
    large = CSHARP.replace("=> many;", "=> many" + " + many" * 200 + ";")
    assert _named("csharp", large)[:3] == [
        ("", "using System;"),
        ("Example > Pile", "namespace Example"),
        ("Example > Piles > Count", "    public static class Piles"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("kotlin", "/** Puts weight. */\nsuspend fun load(force: Int): Int {\n  return force\n}", ["load"]),
        ("kotlin", "data class Pile(val length: Int)\n\nobject Piles {\n  val many = 1\n}", ["Pile", "Piles"]),
        ("scala", "case class Pile(length: Int)\n\nobject Piles {\n  def many = 1\n}", ["Pile", "Piles"]),
        ("swift", "public func load(_ force: Int) {\n}\n\nextension Pile: Body {\n}", ["load", "Pile"]),
        ("ruby", "# Whether.\ndef settled?\n  true\nend\n\ndef self.load(a)\n  a\nend", ["settled?", "self.load"]),
        ("php", "<?php\n/** Loads. */\nfunction load($force) {\n  return 1;\n}", ["load"]),
        ("lua", "local function load(force)\n  return force\nend", ["load"]),
        ("bash", "# Loads.\nload() {\n  echo 1\n}\nfunction stop {\n  exit\n}", ["load", "stop"]),
        (
            "sql",
            "CREATE TABLE piles (length INT);\n\ncreate or replace view longest as\nselect 1;",
            ["piles", "longest"],
        ),
        ("powershell", "function Get-Load {\n  1\n}", ["Get-Load"]),
        ("c", "static inline unsigned long\nload(const struct pile *p)\n{\n  return p->force;\n}", ["load"]),
        ("c", "typedef struct {\n  int length;\n} Pile;\n\nint *of(void) {\n  return 0;\n}", ["Pile", "of"]),
        ("c", "namespace a {\nclass Pile : public Body {\n  Pile() = default;\n};\n}", ["a"]),  # a header of C++
        ("cpp", "Pile::~Pile() noexcept {\n}\n\nconst Pile &first() {\n  return a;\n}", ["Pile::~Pile", "first"]),
        ("csharp", "class A {\n  protected override async Task<List<int>> Load(int f) => f;\n}", ["A"]),
        (
            "javascript",
            "exports.load = function (force) {\n  return force;\n};\nmodule.exports = {\n  a: 1,\n};",
            ["exports.load", "module.exports"],
        ),
        ("typescript", "export const Page = () => {\n  return <p>{`a } b`}</p>;\n};", ["Page"]),  # with elements
        (
            "go",
            "// Of all.\ntype Piles[T any] struct {\n}\n\nfunc (p *Piles[T]) Len() int {\n\treturn 0\n}",
            ["Piles", "Piles[T].Len"],
        ),
        ("rust", "#[derive(Debug)]\nenum A { B }\n\nmacro_rules! twice {\n  () => {};\n}", ["A", "twice"]),
    ],
)
def test_definitions_of_other_languages(language: str, text: str, names: list[str]) -> None:
    assert [section for section, _ in _named(language, text) if section] == names


def test_what_only_looks_like_a_definition_is_none() -> None:
    assert _named("python", 'TEXT = """\ndef no():\n    pass\n"""\n') == [("", 'TEXT = """')]
    assert _named("java", "class A {\n  /*\n  class B {\n  }\n  */\n}") == [("A", "class A {")]
    calls = "add(1, 2);\nif (x > 1) {\n  y = add(1);\n} else {\n  while (true) { add(2); }\n}\nreturn add(1);"
    for language in ("java", "cpp", "typescript", "csharp", "c", "php"):
        assert {section for section, _ in _named(language, calls)} == {""}, language


def test_comments_go_with_what_is_below_them_and_the_licence_of_a_file_does_not() -> None:
    add = "/** Adds. */\n\nfunction add(a) {\n  return a;\n} // adds"
    text = f"/* Licence. */\n\n{add}\n\n// Twice.\n@once\nclass Twice {{\n}}"
    assert _named("javascript", text) == [("", "/* Licence. */"), ("add", "/** Adds. */"), ("Twice", "// Twice.")]
    assert _named("javascript", "/* Licence. */\n\nfunction add(a) {}\n") == [
        ("", "/* Licence. */"),
        ("add", "function add(a) {}"),
    ]


def test_what_a_statement_holds_stays_in_it_while_it_is_small() -> None:
    test = "describe('add', () => {\n  function one() {\n    return 1;\n  }\n  it('adds', () => {});\n});"
    assert _named("javascript", test) == [("", "describe('add', () => {")]
    large = test.replace("return 1", "return " + "1 + " * 400 + "1")
    assert next(section for section, _ in _named("javascript", large)) == "one"


def test_code_that_was_cut_off_is_split_all_the_same() -> None:
    whole = "class Pile {\n" + "".join(f"  /** {n} */\n  int value{n}() {{ return {n}; }}\n\n" for n in range(40))
    sections = [section for section, _ in _named("java", whole + "  int last() {\n    return")]
    assert any(section.endswith("value7") for section in sections)
    assert any(section.endswith("value39") for section in sections)


def test_what_closes_stays_with_what_it_closes() -> None:
    method = "  int value{n}()\n  {{\n    return {n}" + " + 1" * 60 + ";\n  }}\n"
    chunks = _chunks(
        "cpp", "namespace a\n{\nclass Pile\n{\n" + "".join(method.format(n=n) for n in range(9)) + "};\n}\n"
    )
    assert [chunk.section for chunk in chunks] == ["a > Pile", *(f"a > Pile > value{n}" for n in range(9))]
    assert chunks[0].text == "namespace a\n{\nclass Pile\n{"
    assert chunks[-1].text.endswith("  }\n};\n}")


def test_languages_without_a_grammar_are_split_by_structure() -> None:
    [source] = load_content(b"<template>\n  <p/>\n</template>\n", Path("a.vue"))
    assert [chunk.section for chunk in split(source, "doc-1", "code")] == [""]
    assert [section for section, _ in _named("", "# one\n\nfun one() {}")] == ["one"]


@pytest.mark.parametrize("language", GRAMMARS)
def test_text_that_is_no_code_is_covered(language: str) -> None:
    chance = random.Random(3)
    text = "".join(chance.choice("(){}[]<>;:=\"'`#/\\* \n\tabclass") for _ in range(6_000))
    for wild in (text, "(" * 9_000, "{\n" * 3_000, "class A {\n" * 600):
        said = "".join(chunk.text for chunk in _chunks(language, wild))
        assert "".join(said.split()) == "".join(wild.split())


def test_a_line_of_a_hundred_thousand_characters_is_split() -> None:
    text = "var a=function(b){" + "x(1);" * 20_000 + "}"
    chunks = _chunks("javascript", text)
    assert "".join(chunk.text for chunk in chunks) == text


def test_no_chunk_has_a_line_of_the_fence() -> None:
    [source] = load_content(PYTHON.encode(), Path("pile.py"))
    chunks = split(source, "doc-1", "code")
    assert chunks[0].text.startswith('"""Settlement of piles."""')
    assert "```" not in "".join(chunk.text for chunk in chunks)
