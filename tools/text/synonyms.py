"""Words that stand for one another in questions and in the papers that answer them."""

import functools
from collections.abc import Mapping

# Each line is a group; a word may stand in several. Everyday business words only: what a document calls its own
# things comes from its glossary, through the knowledge graph.
_GROUPS = """
承建 施工 承包
承包商 承包人 承包单位 施工单位 施工方
业主 建设单位 发包人 甲方
乙方 承包人
负责人 主管 牵头人
工期 施工期 建设期 期限
金额 价款 价格 总价 合同价
费用 造价 成本 花费
投资 总投资 概算
罚款 违约金 罚金
延期 逾期 延误 拖延
开工 动工 启动
竣工 完工 建成
签订 签署 签约
审批 批准 核准
编号 文号 号码
上级 领导 主管
地址 位置 位于 地点
电话 联系方式 联系电话
成立 创立 创建 建立
出生 生于 诞生
去世 逝世 死亡
毕业 就读
生活 居住 栖息
别名 又名 俗名 别称 又称
作者 著者 撰写
人数 人口
面积 占地
cost price amount budget sum
contractor builder
supervisor supervision supervise
deadline due
start begin commence
finish complete completion end
responsible charge
buy purchase procure
supplier supply provide
fine penalty damages
worker staff employee personnel
parking park
fire emergency
dead die died death
born birth
found founded founder establish established
write wrote written author
leave departure depart
arrive arrival
"""


@functools.cache
def _by_word() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for line in _GROUPS.strip().splitlines():
        group = line.split()
        for word in group:
            found.setdefault(word, {}).update(dict.fromkeys(other for other in group if other != word))
    return {word: tuple(others) for word, others in found.items()}


def synonyms(word: str) -> tuple[str, ...]:
    """Words that may stand where `word` (folded) is asked for, without itself."""
    return _by_word().get(word, ())
