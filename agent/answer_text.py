"""An answer's citations and receipt as text, in the answer's language. The words stand in prompts/."""

from collections.abc import Mapping
from typing import Any

from agent.places import page_and_section
from tools.shapes import Language
from tools.text.clean import one_line
from tools.text.document_names import shown_copies, shown_name
from tools.text.prompts import prompt_text, prompt_texts

_INDENT = "    "
_BETWEEN: Mapping[Language, str] = {"zh": "、", "en": ", "}


def citation_lines(answer: Mapping[str, Any]) -> list[str]:
    """Each citation with its number, document, page and section, and below it the quote and the facts."""
    language: Language = answer["language"]
    lines = []
    for citation, footnote in zip(answer["citations"], footnotes(answer), strict=True):
        lines.append(footnote)
        if citation["quote"]:
            lines.append(_INDENT + prompt_text(language, "receipt", "quote", quote=one_line(citation["quote"])))
        for fact in citation.get("facts", ()):
            values = {name: one_line(fact[name]) for name in ("head", "relation", "tail")}
            lines.append(_INDENT + prompt_text(language, "receipt", "facts", **values))
    return lines


def footnotes(answer: Mapping[str, Any]) -> list[str]:
    """Each citation on one line: its number, document, page and section, and the address of a page of the web."""
    return [f"[{citation['number']}] {_place(answer['language'], citation)}" for citation in answer["citations"]]


def _place(language: Language, citation: Mapping[str, Any]) -> str:
    document = citation["document"]
    place = [shown_name(document) or prompt_text(language, "receipt", "citation_gone")]
    kind, page, section = page_and_section(document["uri"], citation["page"], citation["section"])
    if page:
        place.append(prompt_text(language, "receipt", f"citation_{kind}", page=page))
    if section:
        place.append(section)
    if citation["source"] == "web":
        place.append(document["uri"])
    if copies := citation.get("also_in"):
        names = _BETWEEN[language].join(shown_copies(document, copies))
        place.append(prompt_text(language, "receipt", "citation_also_in", names=names))
    return one_line(" · ".join(place))


def searched_sources(answer: Mapping[str, Any]) -> list[str]:
    """The sources that were searched, in order, each once."""
    rounds = answer["receipt"]["rounds"]
    return list(dict.fromkeys(source["source"] for one in rounds for source in one["sources"]))


def brief_line(answer: Mapping[str, Any]) -> str:
    """What was searched, what could not be, and how long it took; empty when nothing was searched."""
    language: Language = answer["language"]
    receipt = answer["receipt"]
    searches = [source for one in receipt["rounds"] for source in one["sources"]]
    if not searches:
        return ""
    reached = list(dict.fromkeys(each["source"] for each in searches if each["status"] in ("ok", "empty")))
    failed = dict.fromkeys(step["component"] for step in receipt["degraded"])
    known = prompt_texts(language, "receipt")
    missing = [name for name in failed if name not in reached and f"route_{name}" in known]
    parts = {"ms": _ms(receipt["ms"]["total"])}
    for kind, names in (("routes", reached), ("missing", missing)):
        parts[kind] = " + ".join(_word(language, "route", name) for name in names) or "–"
    name = "brief" if answer["status"] == "answered" else "brief_refused"
    return prompt_text(language, "receipt", f"{name}_without" if missing else name, **parts)


def model_lines(answer: Mapping[str, Any]) -> list[str]:
    """What a model was to do and did not, one line each: whoever has set one wants to know."""
    receipt = answer["receipt"]
    failed = [step for step in receipt["degraded"] if step["reason"].startswith("model_")]
    return _degraded_lines(answer["language"], {"degraded": failed})


def receipt_lines(answer: Mapping[str, Any]) -> list[str]:
    """The whole receipt: routes and why, rounds with their searches, verdict, what was degraded, time."""
    language: Language = answer["language"]
    receipt = answer["receipt"]
    lines = [prompt_text(language, "receipt", "heading"), *_route_lines(language, receipt)]
    for number, one in enumerate(receipt["rounds"], start=1):
        band = _word(language, "band", one["band"])
        lines.append(prompt_text(language, "receipt", "round", number=str(number), band=band))
        lines += [
            _INDENT
            + prompt_text(
                language,
                "receipt",
                "search",
                source=_word(language, "route", source["source"]),
                status=_word(language, "status", source["status"]),
                hits=str(source["hits"]),
                ms=_ms(source["ms"]),
                query=one_line(query["text"]),
            )
            for query, source in zip(one["queries"], one["sources"], strict=True)
        ]
    verdict = {name: str(count) for name, count in receipt["verdict"].items()}
    if receipt["rounds"]:
        lines.append(prompt_text(language, "receipt", "verdict", **verdict))
    lines.append(prompt_text(language, "receipt", "confidence", confidence=f"{answer['confidence']:.2f}"))
    if receipt["degraded"]:
        lines += [prompt_text(language, "receipt", "degraded"), *_degraded_lines(language, receipt)]
    return [*lines, *_spent_lines(language, receipt)]


def _spent_lines(language: Language, receipt: Mapping[str, Any]) -> list[str]:
    tokens = {kind: f"{count:,}" for kind, count in receipt["tokens"].items()}
    name = "total_with_model" if receipt["llm_calls"] else "total"
    calls, ms = str(receipt["llm_calls"]), _ms(receipt["ms"]["total"])
    lines = [prompt_text(language, "receipt", name, ms=ms, calls=calls, **tokens)]
    if "cost" in receipt:
        lines.append(prompt_text(language, "receipt", "cost", cost=f"{receipt['cost']:.4f}"))
    return lines


def _route_lines(language: Language, receipt: Mapping[str, Any]) -> list[str]:
    lines = [
        _INDENT
        + prompt_text(
            language,
            "receipt",
            "route",
            route=_word(language, "route", choice["route"]),
            confidence=f"{choice['confidence']:.2f}",
            why=_word(language, "why", choice["why"]),
        )
        for choice in receipt["routes"]
    ]
    return [prompt_text(language, "receipt", "routes"), *lines] if lines else []


def _degraded_lines(language: Language, receipt: Mapping[str, Any]) -> list[str]:
    lines = []
    for step in receipt["degraded"]:
        component = _word(language, "route", step["component"], _word(language, "component", step["component"]))
        reason = _word(language, "status", step["reason"], _word(language, "reason", step["reason"]))
        lines.append(_INDENT + prompt_text(language, "receipt", "step", component=component, reason=reason))
    return lines


def _word(language: Language, kind: str, code: str, otherwise: str | None = None) -> str:
    """The word for a code; a code that has none, such as a new source's name, stands for itself."""
    return prompt_texts(language, "receipt").get(f"{kind}_{code}", otherwise or code)


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
