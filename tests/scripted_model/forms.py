"""The ways in which models write the JSON that they were asked for."""

import json
from typing import Any

from tests.scripted_model.script import Form

IN_TEXT: frozenset[Form] = frozenset({"fenced", "think", "prose", "not_json", "empty"})
"""Forms that come as text even when a tool call was asked for."""


def written(value: dict[str, Any], form: Form) -> str:
    """`value` in the form given; what cannot be read back from it is left out or wrong."""
    plain = json.dumps(value, ensure_ascii=False)
    match form:
        case "plain":
            return plain
        case "fenced":
            return f"```json\n{json.dumps(value, ensure_ascii=False, indent=2)}\n```"
        case "think":
            return f'<think>\nIs it {{"relevant": [9]}}? Hm, {{not sure}}.\n</think>\n\n{plain}'
        case "prose":
            return f"Sure! Here is the object {{as asked}}: {plain} — let me know if you need anything else :}}"
        case "trailing_comma":
            return plain.replace("]", ",]").replace("[,]", "[]").removesuffix("}") + ",}"
        case "single_quotes":
            return repr(value)
        case "truncated":
            return plain[: len(plain) * 3 // 5]
        case "wrong_types":
            return json.dumps({name: _other_type(each) for name, each in value.items()}, ensure_ascii=False)
        case "not_json":
            return "I would say that this looks about right, but I am only a language model."
        case "empty":
            return ""


def _other_type(value: Any) -> Any:
    """Text for a list, a list for a text, text for a number."""
    if isinstance(value, list):
        return "yes"
    return [value] if isinstance(value, str) else str(value)
