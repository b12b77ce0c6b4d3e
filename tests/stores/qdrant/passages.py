"""Bilingual passages to compare stores by: of different lengths, so that few score alike."""

import random
import uuid

from tools.stores.protocols import IndexedChunk

_WORDS = "东站 项目 合同 付款 环境 报告 施工 方案 监理 验收 混凝土 强度 contract station budget audit".split()
_READERS = [("everyone",), ("user:lin",), ("group:finance", "user:wang")]
QUERIES = [
    "混凝土强度",
    "contract budget",
    "付款 station 验收",
    "GB/T 50123-2019",
    "监理合同的付款方案",
    "audit",
]


def passages(count: int) -> list[IndexedChunk]:
    """The same in every run."""
    numbers = random.Random(7)
    return [
        IndexedChunk(
            str(uuid.UUID(int=numbers.getrandbits(128))),
            f"document-{number % 20}",
            numbers.choice(_READERS),
            "，".join(numbers.choices(_WORDS, k=numbers.randrange(5, 60))) + f" GB/T 50{number:03}-2019",
        )
        for number in range(count)
    ]
