"""Sentences to set in type: Chinese and English, made of templates, the same every time, none twice in a document."""

import random
from collections.abc import Mapping, Sequence

Slots = Mapping[str, str]
"""What may stand in a place of a template, "|" between."""

_ENGLISH_SLOTS: Slots = {
    "who": (
        "The harbour board|The survey team|A visiting engineer|The night shift|The tenants' council|"
        "Our auditor|The regional archive|The pumping station|Dr. Ilse Marand|The finance committee|"
        "A second laboratory|The museum trust|The orchard cooperative|The ferry operator|"
        "The school inspectorate"
    ),
    "did": (
        "measured|rejected|approved|recorded|postponed|described|inspected|replaced|catalogued|questioned|"
        "financed|documented|reorganised|transferred|underestimated"
    ),
    "what": (
        "the drainage culverts|a set of brass valves|the eastern retaining wall|four hundred seed samples|"
        "the ticketing machines|an unusually heavy invoice|the glass negatives|several unregistered moorings|"
        "the heating contract|the irrigation channels|a disputed boundary stone|the emergency generators|"
        "two lighthouse lenses|the apprenticeship programme|the refrigeration warehouse"
    ),
    "place": (
        "Port Callan|Wexmoor|the Tarn valley|North Quay|Saltmarsh Lane|Ardenholm|the upper reservoir|"
        "Kestrel Bridge|the old observatory|Lindley Mill|Marrow Street|the transport interchange"
    ),
    "when": (
        "in March|before the thaw|during the second quarter|after a long adjournment|on 14 June|"
        "shortly before midnight|while the road was closed|in the following autumn|within eleven days|"
        "at the annual meeting"
    ),
    "why": (
        "because the previous figures could not be reproduced|although nobody had asked for it|"
        "so that the insurance would remain valid|despite repeated objections from the neighbourhood|"
        "in order to reduce the maintenance backlog|since the original drawings had been lost|"
        "as the environmental statement required|until the replacement parts arrived"
    ),
    "thing": (
        "temperature|throughput|attendance|salinity|the vacancy rate|the reported noise level|"
        "the average waiting time|soil moisture|the insulation value|outstanding debt|"
        "the number of complaints"
    ),
    "unit": "per cent|metres|tonnes|visitors a day|litres a second|hours|thousand crowns|square metres",
}
_ENGLISH = (
    "{who} {did} {what} at {place} {when}, {why}.",
    "At {place}, {thing} rose from {n} to {m} {unit} {when}.",
    "{who} noted that {thing} had stayed below {n} {unit}, {why}.",
    "Of the {n} entries in the register, {m} concern {what}.",
    "Nobody at {place} expected {thing} to reach {n}.{d} {unit}.",
    "When {what} arrived at {place}, {who_} counted {n} pieces and {did} the remaining {m}.",
    "It took {n} days to move {what} to {place}.",
    "{thing_} is reported in {unit}; the limit of {n} applies {when}.",
    "A further {n} {unit} were set aside {when}, {why}.",
    "According to entry {n}, {who_} {did} {what} twice, first at {place} and again {when}.",
    "See sheet {n} for {what}.",
    "This was confirmed by {m} independent readings, none of which differed by more than {n}.{d} {unit}.",
)

_CHINESE_SLOTS: Slots = {
    "who": (
        "港务委员会|测绘小组|夜班值守人员|财务审查组|市档案馆|水泵站运行班|第三实验室|果园合作社|轮渡公司|"
        "学校督导室|文物保护中心|气象观测站"
    ),
    "did": ("重新核定了|暂缓批准|详细记录了|全部更换了|移交了|抽样检测了|公开说明了|补充采购了|重新编目了|否决了"),
    "what": (
        "东侧挡土墙的监测数据|四百份种子样本|检票设备的维护合同|地下管廊的排水方案|一批黄铜阀门|"
        "冷藏仓库的租赁协议|旧灯塔的两枚透镜|学徒培训计划|备用发电机组|灌溉渠道的清淤工程|玻璃底片档案|"
        "未登记的泊位"
    ),
    "place": "青屿港|北堤码头|柳湾水库|石桥镇|临溪新区|望海路|旧天文台|白鹭洲|南岭隧道口|换乘中心",
    "when": (
        "三月上旬|汛期来临之前|第二季度|会议休会之后|六月十四日|午夜前后|道路封闭期间|次年秋天|十一天之内|年度会议上"
    ),
    "why": (
        "因为此前的数字无法复核|尽管没有人提出要求|以便保险继续有效|虽然附近居民多次反对|"
        "目的是减少积压的维修任务|由于原始图纸已经遗失|直到替换零件运抵为止"
    ),
    "thing": ("平均气温|日客流量|水体盐度|空置率|噪声水平|平均等候时间|土壤含水率|保温系数|未偿还债务|投诉数量"),
    "unit": "米|吨|人次|小时|万元|平方米|升每秒|个百分点",
}
_CHINESE = (
    "{when}，{who}在{place}{did}{what}，{why}。",
    "{place}的{thing}从{n}{unit}上升到{m}{unit}，{why}。",
    "{who}指出，{thing}一直低于{n}.{d}{unit}。",
    "登记簿共有{n}条记录，其中{m}条涉及{what}。",
    "{why}，{who}{when}{did}{what}。",
    "{what}运到{place}共用了{n}天。",
    "{thing}以{unit}为单位填报，{when}执行{n}{unit}的限值。",
    "经{m}次独立复测，误差均不超过{n}.{d}{unit}。",
    "另有{n}{unit}留作备用，由{who}保管。",
    "“{what}”一项见第{n}号附表。",
    "根据第{n}号记录，{who}先后两次{did}{what}，第一次在{place}，第二次在{when}。",
    "{place}没有人料到{thing}会达到{n}{unit}；{who}随后{did}{what}。",
)
_MIXED = (
    "{who}使用 ISO {n} 标准{did}{what}，版本号为 v{m}.{d}。",
    "{place}的 API 网关每秒处理 {n} 次请求，P95 延迟为 {m} ms。",
    "型号 KX-{n} 的传感器在{place}连续运行了{m}小时。",
    "{when}，{who}将 {m} GB 数据迁移到 node-{n}，{why}。",
    *_CHINESE[:4],
)

_TRADITIONAL_SLOTS: Slots = {
    "who": "港務委員會|測繪小組|財務審查組|市檔案館|氣象觀測站|輪渡公司|文物保護中心|學校督導室",
    "did": "重新核定了|暫緩批准|詳細記錄了|全部更換了|移交了|抽樣檢測了|公開說明了",
    "what": (
        "東側擋土牆的監測資料|四百份種子樣本|驗票設備的維護合約|地下管廊的排水方案|冷藏倉庫的租賃協議|"
        "學徒培訓計畫|備用發電機組"
    ),
    "place": "青嶼港|北堤碼頭|柳灣水庫|石橋鎮|望海路|舊天文臺|轉乘中心",
    "when": "三月上旬|汛期來臨之前|第二季度|六月十四日|道路封閉期間|次年秋天|年度會議上",
    "why": ("因為此前的數字無法複核|儘管沒有人提出要求|以便保險繼續有效|雖然附近居民多次反對|由於原始圖紙已經遺失"),
    "thing": "平均氣溫|日客流量|水體鹽度|空置率|噪聲水準|平均等候時間",
    "unit": "公尺|公噸|人次|小時|萬元",
}
_TRADITIONAL = (
    "{when}，{who}在{place}{did}{what}，{why}。",
    "{place}的{thing}從{n}{unit}上升到{m}{unit}，{why}。",
    "{who}指出，{thing}一直低於{n}.{d}{unit}。",
    "登記簿共有{n}條記錄，其中{m}條涉及{what}。",
    "{what}運到{place}共用了{n}天。",
    "另有{n}{unit}留作備用，由{who}保管。",
)

_KINDS: Mapping[str, tuple[Sequence[str], Slots]] = {
    "en": (_ENGLISH, _ENGLISH_SLOTS),
    "zh": (_CHINESE, _CHINESE_SLOTS),
    "mixed": (_MIXED, _CHINESE_SLOTS),
    "traditional": (_TRADITIONAL, _TRADITIONAL_SLOTS),
}


class Wording:
    """Sentences and numbers of one document. kind: en, zh, mixed or traditional."""

    def __init__(self, kind: str, seed: str) -> None:
        self.is_spaced = kind == "en"
        self.chance = random.Random(seed)
        self._templates, slots = _KINDS[kind]
        self._slots = {name: options.split("|") for name, options in slots.items()}
        self._said: set[str] = set()
        self._numbers = list(range(100, 9999))
        self.chance.shuffle(self._numbers)

    def number(self) -> int:
        """A number of three or four digits that this document has not used yet."""
        return self._numbers.pop()

    def sentence(self) -> str:
        """A sentence that this document has not said yet."""
        while True:
            template = self.chance.choice(self._templates)
            values = {name: self.chance.choice(options) for name, options in self._slots.items()}
            values["who_"] = values["who"].replace("The ", "the ").replace("A ", "a ").replace("Our ", "our ")
            values["thing_"] = values["thing"][:1].upper() + values["thing"][1:]
            values |= {"n": str(self.number()), "m": str(self.number()), "d": str(self.chance.randint(1, 9))}
            said = template.format(**values)
            if said not in self._said:
                self._said.add(said)
                return said

    def sentences(self, fewest: int, most: int | None = None) -> list[str]:
        """A paragraph of `fewest` up to `most` sentences."""
        return [self.sentence() for _ in range(self.chance.randint(fewest, most or fewest))]
