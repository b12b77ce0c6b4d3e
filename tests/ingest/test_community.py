"""LangChain's document loaders by their dotted names."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document

from ingest.file_uri import address_of, file_uri
from ingest.load import load_file
from ingest.loaders.community import loader_class
from ingest.reading import Reading
from tests.ingest.stores import opened_stores
from tools.errors import FileError, InputError, MissingExtraError
from tools.extras import install_line
from tools.shapes import LoadedFile

MODULE = "tests.ingest.test_community"


class PagesLoader(BaseLoader):
    """A page for each line of a file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def lazy_load(self) -> Iterator[Document]:
        for number, line in enumerate(Path(self.path).read_text().splitlines()):
            metadata = {"page": number, "source": self.path, "title": "Pump house", "made_of": object(), "line": line}
            yield Document(page_content=line, metadata=metadata)


class SitesLoader(BaseLoader):
    def __init__(self, address: str) -> None:
        self.address = address

    def lazy_load(self) -> Iterator[Document]:
        for name in ("pumps", "pumps", "costs"):
            yield Document(page_content=f"About {name} at {self.address}", metadata={"source": name, "wiki": "river"})


class BrokenLoader(BaseLoader):
    def __init__(self, path: str) -> None:
        raise ValueError("the server said no")


class NeedyLoader(BaseLoader):
    def __init__(self, path: str) -> None:
        raise ImportError("pip install pumps")


class EmptyLoader(SitesLoader):
    def lazy_load(self) -> Iterator[Document]:
        return iter([Document(page_content="  ")])


class NoLoader:
    pass


def load(path: str | Path, name: str) -> LoadedFile:
    sys.modules.setdefault(MODULE, sys.modules[__name__])
    [loaded] = load_file(Path(path), Reading(loader=f"{MODULE}.{name}"))
    return loaded


def test_pages_and_what_they_share(tmp_path: Path) -> None:
    path = tmp_path / "pumps.dat"
    path.write_text("The first pump\nThe second pump\n")
    loaded = load(path, "PagesLoader")
    assert (loaded.title, loaded.has_pages) == ("Pump house", True)
    assert [(page.number, page.text) for page in loaded.pages] == [(1, "The first pump"), (2, "The second pump")]
    assert loaded.metadata == {"source": str(path)}


def test_an_address_and_several_sources() -> None:
    loaded = load("https://example.com/wiki", "SitesLoader")
    where = "at https://example.com/wiki"
    assert loaded.text == f"# pumps\n\nAbout pumps {where}\n\nAbout pumps {where}\n\n# costs\n\nAbout costs {where}"
    assert loaded.metadata == {"wiki": "river"}
    assert not loaded.has_pages


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("BrokenLoader", FileError, "ValueError: the server said no"),
        ("NeedyLoader", MissingExtraError, "pip install pumps"),
        ("EmptyLoader", FileError, "holds no text"),
    ],
)
def test_loaders_that_fail(name: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        load("https://example.com/wiki", name)


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("PagesLoader", InputError, "not the dotted name"),
        ("tests.ingest/../x.Y", InputError, "not the dotted name"),
        ("no_such_package_here.Loader", MissingExtraError, "pip install no-such-package-here"),
        ("langchain_core.no_such_module.Loader", InputError, "no module langchain_core.no_such_module"),
        ("langchain_core.document_loaders.BaseLoadr", InputError, "Names like it are BaseLoader"),
        (f"{MODULE}.BrokeLoader", InputError, r"Names like it are BrokenLoader\.$"),
        (f"{MODULE}.NoSuchLoader", InputError, r"holds no NoSuchLoader\.$"),
        (f"{MODULE}.NoLoader", InputError, "no subclass"),
    ],
)
def test_names_that_are_no_loaders(name: str, error: type[Exception], said: str) -> None:
    sys.modules.setdefault(MODULE, sys.modules[__name__])
    with pytest.raises(error) as raised:
        loader_class(name)
    assert re.search(said, str(raised.value), re.MULTILINE)


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_community", None)
    with pytest.raises(MissingExtraError) as raised:
        loader_class("langchain_community.document_loaders.TextLoader")
    assert raised.value.next_step == install_line("community")


async def test_what_has_not_changed_is_left_alone(tmp_path: Path) -> None:
    sys.modules.setdefault(MODULE, sys.modules[__name__])
    path = tmp_path / "pumps.dat"
    path.write_text("The first pump\nThe second pump\n")
    reading = Reading(loader=f"{MODULE}.PagesLoader")
    async with opened_stores(tmp_path / "home") as stores:
        assert (await stores.add(path, reading=reading)).added == 1
        assert (await stores.add(path, reading=reading)).unchanged == 1
        path.write_text("The first pump\nThe third pump\n")
        assert (await stores.add(path, reading=reading)).updated == 1
        site = Path("https://example.com/wiki")
        assert (await stores.add(site, reading=Reading(loader=f"{MODULE}.SitesLoader"))).added == 1
        uris = [document.uri for document in await stores.documents()]
    assert sorted(uris) == sorted([str(path), "https://example.com/wiki"])


@pytest.mark.parametrize("address", ["https://example.com/a//b?c=d", "s3://bucket/key"])
def test_addresses_survive_being_paths(address: str) -> None:
    assert address_of(Path(address)) == address.replace("a//b", "a/b")


@pytest.mark.parametrize("path", ["/home/a", "a/b", "C:/a", "a:b", "https:", "notes 2024:/a"])
def test_paths_are_no_addresses(path: str) -> None:
    assert address_of(Path(path)) is None
    assert file_uri(Path(path)) == Path(path).as_posix()
