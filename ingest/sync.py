"""Which documents of a folder have lost their file."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from ingest.discover import Found
from ingest.file_uri import file_uri, uri_path
from tools.errors import FileError
from tools.shapes import Document
from tools.stores.protocols import Ledger

_SEEMS_AWAY = "nothing of this folder is removed; it holds no file that can be read: is its disk there?"


async def lost_documents(
    found: Found, ledger: Ledger, collection: str, not_given: Mapping[Path, OSError]
) -> tuple[list[Document], list[tuple[Path, str]]]:
    """The documents of the found folders, in this collection, whose file is no longer there; whoever may read them.

    A file that is there and left out (hidden, ignored, excluded) keeps its documents, and so does one in a folder that
    cannot be listed. `not_given`: files that the system could not give: where one of them is in a folder, others may
    only seem to be gone. Second: files and folders because of which nothing is to be removed, with the reason: folders
    that hold no file any more that can be read look like a disk that is not there.
    """
    for path, error in not_given.items():
        if any(path.is_relative_to(folder) for folder in found.folders):
            return [], [(path, f"nothing is removed; {_what_is_wrong(error)}")]
    lost: dict[str, Document] = {}
    doubtful: list[tuple[Path, str]] = []
    for folder in found.folders:
        try:
            known = await ledger.documents_below(collection, file_uri(folder))
        except FileError:  # not a name that could have been added
            continue
        missing = await asyncio.to_thread(_missing, known, found)
        if missing and not any(path.is_relative_to(folder) for path in found.files):
            doubtful.append((folder, _SEEMS_AWAY))
        else:
            lost.update({document.id: document for document in missing})
    return list(lost.values()), doubtful


def _what_is_wrong(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "it does not exist: is it spelled so, or was it removed just now?"
    return "it cannot be read: is its disk there?"


def _missing(known: Sequence[Document], found: Found) -> list[Document]:
    return [document for document in known if _is_missing(uri_path(document.uri), found)]


def _is_missing(path: Path, found: Found) -> bool:
    if any(path.is_relative_to(folder) for folder, _ in found.unreadable):
        return False
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False
