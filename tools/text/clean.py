"""Text as it may be stored and shown: valid Unicode without control characters."""

import re

# Everything of category Cc but tab and newline; lone surrogates (they cannot be encoded); the byte order mark and
# the bidirectional overrides, which can make a text read otherwise than it is.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_TERMINAL_SEQUENCE = re.compile("\x1b(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?)")
_LINE_END = re.compile("\r\n?|\u2028|\u2029")


def clean(text: str) -> str:
    """`text` with line ends as newlines and without characters that only harm."""
    if text.isprintable():  # holds none of them, and no line end
        return text
    return _UNWANTED.sub("", _TERMINAL_SEQUENCE.sub("", _LINE_END.sub("\n", text)))


def one_line(text: str) -> str:
    """`text` on one line: runs of white space become one space."""
    return " ".join(clean(text).split())
