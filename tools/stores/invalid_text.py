"""What is said of a text that no store takes."""

from tools.errors import InputError


def not_unicode() -> InputError:
    """Of a text that cannot be encoded."""
    return InputError(
        "A text is not valid Unicode and cannot be stored or looked up.",
        why="It holds half of a surrogate pair, as a file name in another encoding does.",
        next_step="Rename the file or save the text as UTF-8.",
    )
