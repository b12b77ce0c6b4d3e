"""The programming languages whose grammar is known, and what in each of them is a definition: queries of tree-sitter.

`@definition` is what is defined, `@name` what it is called. `@member` is a definition only within another, as a
function in an object. `@statement` is what stays whole where it is small, with the definitions in it. `@above` is what
belongs to the definition below it: comments, attributes. Of wrappers, such as the decorators around a function, the
outermost counts.
"""

from typing import NamedTuple


class Grammar(NamedTuple):
    """`module`: of the package that holds it. `language`: the function there that gives it. `query`: see above."""

    module: str
    query: str
    language: str = "language"


def _named(*kinds: str) -> str:
    """What has a name of its own."""
    return "".join(f"({kind} name: (_) @name) @definition " for kind in kinds)


def _above(*kinds: str) -> str:
    return "".join(f"({kind}) @above " for kind in kinds)


_PYTHON = (
    _named("function_definition", "class_definition")
    + _above("comment")
    + """
    (decorated_definition definition: (_ name: (_) @name)) @definition
    (module [(if_statement) (try_statement) (with_statement)] @statement)
    """
)
_FUNCTION = "[(arrow_function) (function_expression) (generator_function) (class)]"
_FUNCTION_OR_OBJECT = f"[{_FUNCTION} (object)]"
_JAVASCRIPT = (
    _named("function_declaration", "generator_function_declaration", "class_declaration")
    + _above("comment", "decorator")
    + f"""
    (method_definition name: (_) @name) @member
    (pair key: (_) @name value: [(arrow_function) (function_expression)]) @member
    (variable_declarator name: (_) @name value: [(arrow_function) (function_expression)]) @member
    (program (lexical_declaration (variable_declarator name: (_) @name value: {_FUNCTION_OR_OBJECT})) @definition)
    (program (variable_declaration (variable_declarator name: (_) @name value: {_FUNCTION_OR_OBJECT})) @definition)
    (expression_statement (assignment_expression left: (_) @name right: {_FUNCTION})) @definition
    (program (expression_statement (assignment_expression left: (_) @name right: (object))) @definition)
    (export_statement declaration: (_ name: (_) @name)) @definition
    (export_statement declaration: (_ (variable_declarator name: (_) @name value: {_FUNCTION_OR_OBJECT}))) @definition
    (export_statement "default" @name value: {_FUNCTION_OR_OBJECT}) @definition
    (program [(if_statement) (expression_statement (call_expression))] @statement)
    """
)
_TYPESCRIPT = (
    _JAVASCRIPT
    + _named("abstract_class_declaration", "interface_declaration", "type_alias_declaration", "enum_declaration")
    + """
    (module name: (_) @name) @definition
    (expression_statement (internal_module name: (_) @name)) @definition
    (export_statement declaration: (internal_module name: (_) @name)) @definition
    (ambient_declaration (_ name: (_) @name)) @definition
    (public_field_definition name: (_) @name value: [(arrow_function) (function_expression)]) @member
    """
)
_C = """
    (function_definition declarator: (_) @name) @definition
    (struct_specifier name: (_) @name body: (_)) @definition
    (union_specifier name: (_) @name body: (_)) @definition
    (enum_specifier name: (_) @name body: (_)) @definition
    (type_definition type: [(struct_specifier body: (_)) (union_specifier body: (_)) (enum_specifier body: (_))]
      declarator: (_) @name) @definition
    (comment) @above
"""
_CPP = (
    _C
    + """
    (class_specifier name: (_) @name body: (_)) @definition
    (namespace_definition name: (_) @name) @definition
    (concept_definition name: (_) @name) @definition
    (template_declaration (function_definition declarator: (_) @name)) @definition
    (template_declaration (class_specifier name: (_) @name body: (_))) @definition
    (template_declaration (struct_specifier name: (_) @name body: (_))) @definition
    """
)
_JAVA = _named(
    "class_declaration",
    "interface_declaration",
    "enum_declaration",
    "record_declaration",
    "annotation_type_declaration",
    "method_declaration",
    "constructor_declaration",
    "compact_constructor_declaration",
) + _above("line_comment", "block_comment")
_CSHARP = _named(
    "namespace_declaration",
    "class_declaration",
    "interface_declaration",
    "struct_declaration",
    "record_declaration",
    "enum_declaration",
    "method_declaration",
    "constructor_declaration",
    "destructor_declaration",
) + _above("comment")
_GO = (
    _named("function_declaration", "method_declaration")
    + _above("comment")
    + """
    (type_declaration (type_spec name: (_) @name)) @definition
    """
)
_RUST = (
    _named("function_item", "struct_item", "enum_item", "union_item", "trait_item", "macro_definition")
    + _above("line_comment", "block_comment", "attribute_item")
    + """
    (mod_item name: (_) @name body: (_)) @definition
    (impl_item type: (_) @name) @definition
    """
)
_RUBY = _named("method", "singleton_method", "class", "module") + _above("comment")
_PHP = (
    _named(
        "function_definition",
        "method_declaration",
        "class_declaration",
        "interface_declaration",
        "trait_declaration",
        "enum_declaration",
    )
    + _above("comment")
    + "(namespace_definition name: (_) @name body: (_)) @definition"
)
_KOTLIN = (
    _named("class_declaration", "object_declaration", "function_declaration")
    + _above("line_comment", "block_comment")
    + """
    (companion_object "companion" @name) @definition
    (secondary_constructor "constructor" @name) @definition
    """
)
_SWIFT = (
    _named("class_declaration", "protocol_declaration", "function_declaration", "init_declaration")
    + _above("comment", "multiline_comment")
    + """
    (deinit_declaration "deinit" @name) @definition
    """
)
_SCALA = _named(
    "class_definition", "object_definition", "trait_definition", "enum_definition", "function_definition"
) + _above("comment", "block_comment")
_SQL = "".join(
    f"(statement ({kind} (object_reference) @name)) @definition "
    for kind in (
        "create_table",
        "create_view",
        "create_materialized_view",
        "create_function",
        "create_procedure",
        "create_trigger",
        "create_type",
    )
) + _above("comment", "marginalia")
_POWERSHELL = (
    _above("comment")
    + """
    (function_statement (function_name) @name) @definition
    (class_statement . (simple_name) @name) @definition
    """
)

GRAMMARS = {
    "python": (Grammar("tree_sitter_python", _PYTHON),),
    "javascript": (Grammar("tree_sitter_javascript", _JAVASCRIPT),),
    "typescript": (
        Grammar("tree_sitter_typescript", _TYPESCRIPT, "language_typescript"),
        Grammar("tree_sitter_typescript", _TYPESCRIPT, "language_tsx"),
    ),
    "java": (Grammar("tree_sitter_java", _JAVA),),
    "c": (Grammar("tree_sitter_c", _C), Grammar("tree_sitter_cpp", _CPP)),  # a header may be of either
    "cpp": (Grammar("tree_sitter_cpp", _CPP),),
    "csharp": (Grammar("tree_sitter_c_sharp", _CSHARP),),
    "go": (Grammar("tree_sitter_go", _GO),),
    "rust": (Grammar("tree_sitter_rust", _RUST),),
    "ruby": (Grammar("tree_sitter_ruby", _RUBY),),
    "php": (Grammar("tree_sitter_php", _PHP, "language_php"),),
    "kotlin": (Grammar("tree_sitter_kotlin", _KOTLIN),),
    "swift": (Grammar("tree_sitter_swift", _SWIFT),),
    "scala": (Grammar("tree_sitter_scala", _SCALA),),
    "lua": (Grammar("tree_sitter_lua", _named("function_declaration") + _above("comment")),),
    "bash": (Grammar("tree_sitter_bash", _named("function_definition") + _above("comment")),),
    "powershell": (Grammar("tree_sitter_powershell", _POWERSHELL),),
    "sql": (Grammar("tree_sitter_sql", _SQL),),
}
"""By the names in ingest/loaders/languages.py; of several, the one with the fewest errors in a text is taken."""
