"""How many tokens a text has for a language model, estimated by script without any model's table."""

TOKENS_PER_WIDE_CHARACTER = 0.75
TOKENS_PER_NARROW_CHARACTER = 0.25


def estimate_tokens(text: str) -> int:
    """About the tokens of `text`: three for four Chinese characters, one for four letters, digits or spaces.

    Within about a quarter for the tokenizers of current multilingual models. Linear, and a text has at least the
    tokens of each of its parts.
    """
    # Chinese characters are three bytes in UTF-8, so half of the surplus bytes counts them.
    wide = (len(text.encode("utf-8", "replace")) - len(text)) / 2
    return round(TOKENS_PER_WIDE_CHARACTER * wide + TOKENS_PER_NARROW_CHARACTER * (len(text) - wide))
