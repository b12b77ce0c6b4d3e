"""Any LangChain document loader, by its dotted name: sources that Signpost does not read itself.

What the loader gives is kept as JSON: it stands in the place of a file's bytes, so that what has not changed since is
known, and read by `load_community` like a file.
"""

import difflib
import importlib
import importlib.util
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.file_uri import address_of
from tools.errors import FileError, InputError, MissingExtraError
from tools.extras import install_line
from tools.shapes import LoadedFile, Page
from tools.text.clean import clean, one_line

if TYPE_CHECKING:
    from langchain_core.document_loaders import BaseLoader

_EXAMPLE = "For example: signpost add https://example.com --loader langchain_community.document_loaders.WebBaseLoader"
_EXTRA = "langchain_community"
_ENDING = "loader"  # of nearly all names: it makes any two alike
_NAMED = 3
_MISSPELLED = 0.9
_PAGE, _SOURCE, _TITLE = "page", "source", "title"


def fetch(path: Path, loader_name: str) -> bytes:
    """What the loader gives for a path, or for an address, as JSON.

    Raises InputError for a name that is no loader's, MissingExtraError for a missing package and FileError where the
    loader fails.
    """
    place = address_of(path) or str(path)
    make = loader_class(loader_name)
    try:
        documents = make(place).load()  # type: ignore[call-arg]
        values = [{"text": each.page_content, "metadata": _plain(each.metadata)} for each in documents]
    except ImportError as error:
        raise _missing(loader_name, str(error), "Install the package that it names.") from error
    except Exception as error:  # what it may raise is its own affair; it must not stop the others
        raise FileError(
            f"{one_line(path.name)} could not be read by {loader_name}.",
            why=f"{type(error).__name__}: {one_line(str(error))[:300]}",
            next_step="Check the path or address, and what the loader's documentation asks for.",
        ) from error
    return json.dumps(values, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def load_community(content: bytes, name: str) -> list[LoadedFile]:
    """One document from what `fetch` gave: a page for each of the loader's where it counts pages.

    Metadata that all share is kept. Raises FileError where there is no text.
    """
    values = json.loads(content)
    metadata = _shared([each["metadata"] for each in values])
    texts = [clean(each["text"]).strip() for each in values]
    if not any(texts):
        raise FileError(
            f"{one_line(name)} holds no text.",
            why="The loader gave none.",
            next_step="Check the path or address, and what the loader's documentation asks for.",
        )
    has_pages = all(isinstance(each["metadata"].get(_PAGE), int) for each in values)
    if not has_pages:
        texts = ["\n\n".join(_headed(values, texts))]
    return [
        LoadedFile(
            title=one_line(str(metadata.get(_TITLE, ""))) or Path(name).stem or name,
            format="community",
            pages=tuple(Page(number, text) for number, text in enumerate(texts, start=1)),
            has_pages=has_pages,
            metadata={key: value for key, value in metadata.items() if key not in (_PAGE, _TITLE, "id")},
        )
    ]


def loader_class(name: str) -> "type[BaseLoader]":
    """The class of that dotted name. Raises InputError and MissingExtraError."""
    from langchain_core.document_loaders import BaseLoader

    module_name, _, class_name = name.rpartition(".")
    if not module_name or not all(part.isidentifier() for part in name.split(".")):
        raise InputError(f"'{name}' is not the dotted name of a loader.", next_step=_EXAMPLE)
    try:
        found = getattr(importlib.import_module(module_name), class_name, None)
    except ModuleNotFoundError as error:
        package = module_name.partition(".")[0]
        missing = error.name or module_name
        if importlib.util.find_spec(package) is None:
            missing = package
        elif module_name.startswith(missing):
            raise _unknown(name, f"There is no module {missing}.") from error
        raise _missing(name, str(error), _install_line(missing)) from error
    except Exception as error:  # the module is not ours
        raise _unknown(
            name, f"Importing it failed with {type(error).__name__}: {one_line(str(error))[:300]}"
        ) from error
    if found is None:
        module = importlib.import_module(module_name)
        alike = ", ".join(_alike(class_name, getattr(module, "__all__", dir(module))))
        raise _unknown(
            name, f"{module_name} holds no {class_name}." + (f" Names like it are {alike}." if alike else "")
        )
    if not (isinstance(found, type) and issubclass(found, BaseLoader)):
        raise _unknown(name, "It is no subclass of LangChain's BaseLoader.")
    return found


def _alike(name: str, names: Iterable[str]) -> list[str]:
    """Names that may be meant instead, at most three, the likest first."""
    by_own_part = {_own_part(each): each for each in names}
    misspelled = difflib.get_close_matches(name, by_own_part.values(), _NAMED, _MISSPELLED)
    alike = (by_own_part[part] for part in difflib.get_close_matches(_own_part(name), by_own_part, _NAMED))
    return list(dict.fromkeys([*misspelled, *alike]))[:_NAMED]


def _own_part(name: str) -> str:
    return name.lower().removesuffix(_ENDING)


def _unknown(name: str, why: str) -> InputError:
    return InputError(f"'{name}' is no document loader.", why=why, next_step=_EXAMPLE)


def _missing(name: str, why: str, next_step: str) -> MissingExtraError:
    return MissingExtraError(
        f"The loader '{name}' needs a package that is not installed.", why=one_line(why)[:300], next_step=next_step
    )


def _install_line(module: str) -> str:
    package = module.partition(".")[0]
    return install_line("community") if package == _EXTRA else f"pip install {package.replace('_', '-')}"


def _plain(metadata: Mapping[Any, Any]) -> dict[str, Any]:
    """What of it can be written as JSON."""
    kept = {}
    for key, value in metadata.items():
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            continue
        kept[str(key)] = value
    return kept


def _shared(every: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    first = every[0] if every else {}
    return {key: value for key, value in first.items() if all(other.get(key) == value for other in every)}


def _headed(values: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> list[str]:
    """Texts of several sources, each below its title or source."""
    sources = [value["metadata"].get(_TITLE) or value["metadata"].get(_SOURCE) for value in values]
    if len(set(map(str, sources))) < 2:
        return [text for text in texts if text]
    pieces: list[str] = []
    for before, source, text in zip([None, *sources], sources, texts, strict=False):
        if text:
            pieces += [f"# {one_line(str(source))}"] if source and source != before else []
            pieces.append(text)
    return pieces
