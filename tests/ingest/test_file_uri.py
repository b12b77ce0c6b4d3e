import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.file_uri import file_uri
from tools.errors import FileError
from tools.text.clean import clean

# Made to collide: what is escaped, and the parts of its escapes.
NAMES = st.text("%0125789ABCDEF\x1b\x85\u2028\ufeffa", min_size=1, max_size=12)


@given(st.sets(NAMES, min_size=2, max_size=2))
def test_two_names_never_share_a_uri(names: set[str]) -> None:
    one, other = names
    assert file_uri(Path("/f", one)) != file_uri(Path("/f", other))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_a_uri_holds_nothing_that_acts(name: str) -> None:
    uri = file_uri(Path("/f") / name)
    assert clean(uri) == uri
    assert "\n" not in uri


@pytest.mark.parametrize("name", ["报告 2025.pdf", "a%20b%E4%B8%AD.md", "100%.txt", "50% off.md", "#?&.txt"])
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert file_uri(Path("/files", name)) == f"/files/{name}"


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX")
def test_a_name_in_another_encoding_is_refused() -> None:
    with pytest.raises(FileError, match="cannot be added") as raised:
        file_uri(Path(os.fsdecode("/文件/报告.txt".encode("gb18030"))))
    str(raised.value).encode()
