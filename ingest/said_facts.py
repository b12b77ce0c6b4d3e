"""Facts that a sentence says in so many words, read by patterns: who is what of what, who does what, other names.

Precision before recall: where a pattern needs a name, only a name that was recognised will do.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from ingest.listed_facts import Statement, definition
from ingest.names import Name

Triple = tuple[str, str, str]
Actors = Mapping[str, Name]

_VERBS = r"(?:投资建设|负责|承建|承担|监理|设计|施工|建设|编制|主持|审批|采购|提供|管理|组织)"
_BY = re.compile(
    rf"(?P<what>[^，。；：、]{{0,40}}?)由(?P<who>[^，。；：、]{{2,40}}?)(?P<verb>{_VERBS})(?P<rest>[^，。；：]{{0,40}})"
)
_DOES = re.compile(r"(?P<who>[^，。；：、]{2,40}?)(?P<verb>负责|承建|分管)(?P<what>[^，。；：的]{2,40})")
_IS_OF = re.compile(
    r"(?P<who>[^，。；：、]{2,40}?)(?:是|为)(?P<of>[^，。；：、是为]{2,40})的(?P<role>[^，。；：、的是为]{2,12})"
)
_ROLE_IS = re.compile(
    r"(?P<of>[^，。；：、的]{2,30})的(?P<role>[^，。；：、的是为]{2,12})(?:是|为)(?P<who>[^，。；：、]{2,40})"
)
_BELONGS = re.compile(r"(?P<who>[^，。；：、]{2,40}?)(?P<verb>隶属于|隶属|属于)(?P<of>[^，。；：、]{2,40})")
_SERVES = re.compile(r"(?P<who>[^，。；：、]{2,40}?)担任(?P<role>[^，。；：、]{2,40})")
_MEANS = re.compile(
    r"(?:本[\u4e00-\u9fff]{1,4}所称)?(?P<term>[\u4e00-\u9fffA-Za-z]{2,20})，?(?:是指|系指)(?P<text>[^。]{4,})"
)
_SHORT_NAME = re.compile(r"[（(](?:以下)?(?:简称|下称|统称)(?:为)?[：:]?\s*[“\"「]?([^”\"」）)]{2,20})[”\"」]?[）)]")
_NAME_IN_QUOTES = re.compile(r"\s?\((?:the |hereinafter )?[\"“]([^\"”]{2,40})[\"”]\)")

_ENGLISH_ROLE = re.compile(
    r" is (?:the |an? )(?P<role>[a-z][a-z -]{2,40}?) (?:of|at) (?:the )?(?P<of>[A-Za-z][^,.;()]{1,60}?)"
    r"(?= and (?:is|reports)\b|[,.;(]|$)"
)
_ENGLISH_VERB = re.compile(
    r" (?P<verb>reports to|belongs to|(?:is|was|were) (?:awarded to|part of|(?:owned|built|designed|supervised|prepared"
    r"|managed|operated|supplied|led) by)) (?:the )?$"
)
_ENGLISH_DUTY = re.compile(r" (?:is|are) responsible for (?:the )?(?P<what>[^.,;]{3,60})")
_ENGLISH_SECOND_VERB = re.compile(r" and (?P<verb>reports to|belongs to) (?:the )?$")
_ARTICLE = re.compile(r"^第[一二三四五六七八九十百\d]{1,6}条\s*")
_PRONOUN = re.compile(r"[该其此本这上前]")
_CLAUSE_END = re.compile(r"[，。；：]")


def said_statements(sentence: str, names: Sequence[Name]) -> Iterator[Statement]:
    """Statements that the patterns find in one sentence whose names are `names`."""
    yield from _short_names(sentence, names)
    if not sentence.isascii():
        yield from _chinese(sentence, names)
    yield from _english(sentence, names)


def _short_names(sentence: str, names: Sequence[Name]) -> Iterator[Statement]:
    for pattern, relation in ((_SHORT_NAME, "简称"), (_NAME_IN_QUOTES, "also known as")):
        for match in pattern.finditer(sentence):
            before = [name for name in names if sentence[name.start : match.start()].rstrip(".") == name.text]
            if before:
                yield Statement(before[0].text, relation, match.group(1).strip(), sentence)


def _chinese(sentence: str, names: Sequence[Name]) -> Iterator[Statement]:
    plain = _ARTICLE.sub("", _SHORT_NAME.sub("", sentence) if "称" in sentence else sentence)
    means = _MEANS.search(plain) if "指" in plain else None
    if means and not _PRONOUN.match(means["term"]):
        yield definition(means["term"], means["text"], sentence)
    actors = {name.text: name for name in names if name.kind in ("person", "organization", "thing", "term")}
    topic = next((name.text for name in names if name.kind == "thing"), "")
    for clause in _CLAUSE_END.split(plain) if actors else ():
        if not any(actor in clause for actor in actors):  # each pattern needs one
            continue
        fitting = (pattern for words, pattern in _CLAUSE_PATTERNS if any(word in clause for word in words))
        found = next((fact for pattern in fitting if (fact := pattern(clause, actors, topic))), None)
        if found and all(found) and found[0] != found[2]:
            yield Statement(*found, sentence)


def _by(clause: str, actors: Actors, topic: str) -> Triple | None:
    """…由甲公司承建: what is built stands before, behind, or is what the sentence speaks of."""
    match = _BY.fullmatch(clause)
    who = _at_end(match["who"], actors) if match else ""
    if not match or not who:
        return None
    before = "" if _PRONOUN.match(match["what"]) else _at_end(match["what"], actors) or match["what"].strip()
    return who, match["verb"], match["rest"].strip() or before or topic


def _does(clause: str, actors: Actors, topic: str) -> Triple | None:
    match = _DOES.search(clause)
    who = _at_end(match["who"], actors) if match else ""
    return (who, match["verb"], match["what"].strip()) if match and who else None


def _serves(clause: str, actors: Actors, topic: str) -> Triple | None:
    """甲担任乙公司的总监."""
    match = _SERVES.search(clause)
    who = _at_end(match["who"], actors) if match else ""
    if not match or not who:
        return None
    of = next((name for name in actors if match["role"].startswith(name)), "")
    role = match["role"].removeprefix(of).removeprefix("的")
    return (of, role, who) if of and role else (who, "担任", match["role"])


def _role_is(clause: str, actors: Actors, topic: str) -> Triple | None:
    """乙公司的总监为甲."""
    match = _ROLE_IS.search(clause)
    who = next((name for name in actors if match["who"].startswith(name)), "") if match else ""
    return (_at_end(match["of"], actors) or match["of"].strip(), match["role"], who) if match and who else None


def _is_of(clause: str, actors: Actors, topic: str) -> Triple | None:
    """甲是乙公司的总监."""
    match = _IS_OF.search(clause)
    who, of = (_at_end(match["who"], actors), _at_end(match["of"], actors)) if match else ("", "")
    return (of, match["role"], who) if match and who and of else None


def _belongs(clause: str, actors: Actors, topic: str) -> Triple | None:
    match = _BELONGS.search(clause)
    who, of = (_at_end(match["who"], actors), _at_end(match["of"], actors)) if match else ("", "")
    return (who, match["verb"], of) if match and who and of else None


_CLAUSE_PATTERNS = (
    (("由",), _by),
    (("负责", "承建", "分管"), _does),
    (("担任",), _serves),
    (("的",), _role_is),
    (("的",), _is_of),
    (("属",), _belongs),
)
"""Each with words of which it needs one, in this order; the first that fits a clause is taken."""


def _at_end(text: str, actors: Actors) -> str:
    return next((name for name in actors if text.endswith(name)), "")


def _english(sentence: str, names: Sequence[Name]) -> Iterator[Statement]:
    is_subject = bool(names) and not sentence[: names[0].start].removeprefix("The ").strip('# -*"“')
    for index, name in enumerate(names):
        after = name.start + len(name.text)
        role = _ENGLISH_ROLE.match(sentence, after)
        if role:
            yield Statement(role["of"].strip(), role["role"], name.text, sentence)
        duty = _ENGLISH_DUTY.match(sentence, after)
        if duty:
            yield Statement(name.text, "is responsible for", duty["what"].strip(), sentence)
        for following in names[index + 1 : index + 2]:
            verb = _ENGLISH_VERB.fullmatch(sentence, after, following.start)
            if verb:
                yield Statement(name.text, verb["verb"], following.text, sentence)
        second = _ENGLISH_SECOND_VERB.search(sentence, 0, name.start)
        if second and is_subject and index:
            yield Statement(names[0].text, second["verb"], name.text, sentence)
    duty = re.search(r" and" + _ENGLISH_DUTY.pattern, sentence) if is_subject else None
    if duty:
        yield Statement(names[0].text, "is responsible for", duty["what"].strip(), sentence)
