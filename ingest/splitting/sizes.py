"""How large chunks and their sections are, in estimated tokens."""

TARGET_TOKENS = 240  # about 320 Chinese characters or 960 English ones
MAX_TOKENS = 300  # about 400 and 1,200
PARENT_TOKENS = 1000
