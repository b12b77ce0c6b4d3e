"""How functions and classes begin in the common programming languages: by a line, its words in their order.

The first group that matches names what is defined. A line that only looks like one does no harm: a chunk begins there.
"""

import re

_MODIFIERS = (
    r"(?:(?:public|private|protected|internal|static|final|abstract|sealed|partial|virtual|override|async|export|default"
    r"|declare|readonly|synchronized|native|unsafe|extern|inline|constexpr|const|open|data|suspend|fileprivate|mutating"
    r"|function|case|implicit)\s+)*"
)
_NO_CALL = r"(?!(?:if|for|while|switch|catch|return|else|do|try|throw|new|using|lock|await|case|delete|sizeof|with)\b)"
_TYPES = r"(?:class|interface|enum|record|struct|namespace|module|trait|protocol|extension|object|@interface|union)"

_PYTHON = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)")
_SCRIPT = re.compile(
    rf"{_MODIFIERS}(?:function\s*\*?\s*([\w$]+)|(?:class|interface|enum|namespace|type)\s+([\w$]+)"
    r"|(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:function\b|\([^()]*\)\s*(?::[^=]+)?=>|[\w$]+\s*=>))"
    rf"|(?:(?:public|private|protected|static|async|get|set|readonly|override|abstract)\s+|\*\s*)*{_NO_CALL}"
    r"([\w$#]+)\s*(?:<[^<>]*>)?\([^;]*\)\s*(?::[^{;]+)?\{.*"
)
_TYPED = re.compile(  # Java, C#, Kotlin, Scala, Swift, Dart
    rf"{_MODIFIERS}(?:{_TYPES}\s+(\w+)|(?:fun|func|def|init|constructor)\b\s*(?:<[^<>]*>\s*)?([\w.]*)"
    rf"|{_NO_CALL}(?:[\w<>\[\],.?]+\s+){{0,6}}{_NO_CALL}(\w+)\s*\([^;]*(?:\{{.*)?$)"
)
_GO = re.compile(r"func\s+(?:\([^()]*\)\s*)?(\w+)|type\s+(\w+)")
_RUST = re.compile(
    r"(?:pub(?:\([^()]*\))?\s+)?(?:(?:async|unsafe|const|default|extern(?:\s+\"[^\"]*\")?)\s+)*"
    r"(?:(?:fn|struct|enum|trait|mod|union|type)\s+(\w+)|macro_rules!\s*(\w+)|impl\b(?:<[^{}]*?>)?\s*([^{}]+?)\s*(?:where.*)?\{)"
)
_C = re.compile(
    r"(?:template\s*<[^;]*>\s*)?(?:typedef\s+)?(?:class|struct|union|enum(?:\s+class)?|namespace)\s+(\w+)[^;()]*(?:\{.*)?$"
    rf"|{_NO_CALL}(?:[A-Za-z_][\w:<>,*&\[\]\s]*?[\s*&])?(~?[A-Za-z_][\w:~]*)\s*\([^;]*(?:\{{.*)?$"
)
_RUBY = re.compile(r"(?:def|class|module)\s+([\w.:?!]+)")
_PHP = re.compile(rf"{_MODIFIERS}(?:function|class|interface|trait|enum)\s+&?(\w+)")
_SHELL = re.compile(r"(?:function\s+([\w-]+)|([\w-]+)\s*\(\)).*")
_LUA = re.compile(r"(?:local\s+)?function\s+([\w.:]+)")
_SQL = re.compile(
    r"CREATE\s+(?:\w+\s+)*?(?:TABLE|VIEW|INDEX|FUNCTION|PROCEDURE|TRIGGER|TYPE|SCHEMA)\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r"([\w.\"`]+)",
    re.IGNORECASE,
)
_ANY = re.compile(
    rf"{_MODIFIERS}(?:pub\s+)?(?:def|class|function|func|fn|fun|sub|struct|interface|trait|module|impl|enum)\s+([\w$.:]+)"
)

# By the names that loaders and highlighters use, in lower case.
_BY_LANGUAGE = {
    "python": _PYTHON,
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "jsx": _SCRIPT,
    "tsx": _SCRIPT,
    "vue": _SCRIPT,
    "java": _TYPED,
    "c#": _TYPED,
    "csharp": _TYPED,
    "kotlin": _TYPED,
    "scala": _TYPED,
    "swift": _TYPED,
    "dart": _TYPED,
    "go": _GO,
    "rust": _RUST,
    "c": _C,
    "c++": _C,
    "cpp": _C,
    "objective-c": _C,
    "ruby": _RUBY,
    "lua": _LUA,
    "php": _PHP,
    "shell": _SHELL,
    "bash": _SHELL,
    "sql": _SQL,
}


def definition(language: str, line: str) -> str:
    """What a line without its indentation begins to define, in a language such as "python"; empty for others."""
    found = _BY_LANGUAGE.get(language.lower(), _ANY).match(line)
    return next((name for name in found.groups() if name), "") if found else ""
