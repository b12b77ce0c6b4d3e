"""Rows of tables: accounts, stocks and readings, every row with a number of its own."""

from evals.placed_pdfs.wording import Wording

_ENGLISH_ITEMS = (
    "Ticket revenue|Mooring fees|Staff costs|Insurance premiums|Heating oil|Licences|Reserve fund|"
    "Repairs to the quay|Legal advice|Training|Stationery|Catalogue sales|Rent of store rooms|"
    "Bank charges"
).split("|")
_CHINESE_ITEMS = (
    "门票收入|泊位费|人工成本|保险费|取暖用油|许可费|储备金|码头维修|法律咨询|职工培训|办公用品|图录销售|"
    "库房租金|银行手续费"
).split("|")
_ENGLISH_REMARKS = (
    "estimate, to be confirmed by the treasurer|as agreed in the spring meeting|"
    "includes the arrears of two tenants|charged to the general account|without value added tax"
).split("|")
_CHINESE_REMARKS = ("暂估数，待财务核定|按春季会议决定执行|含两户租金欠款|列入一般账户|不含增值税").split("|")
_ENGLISH_PLACES = ("North Quay|Wexmoor|Lindley Mill|Ardenholm|Marrow Street").split("|")
_CHINESE_PLACES = ("北堤|柳湾|石桥|临溪|南岭").split("|")


def accounts(wording: Wording, count: int, *, with_remarks: bool = False) -> list[list[str]]:
    """A header and `count` rows: item, this year, last year, change, and a remark if asked for."""
    is_english = wording.is_spaced
    items = wording.chance.sample(_ENGLISH_ITEMS if is_english else _CHINESE_ITEMS, count)
    remarks = _ENGLISH_REMARKS if is_english else _CHINESE_REMARKS
    year = wording.number()
    header = (
        [f"Item of {year}", "This year", "Last year", "Change"]
        if is_english
        else [f"{year}项目", "本期金额", "上期金额", "变动"]
    )
    rows = [header + ([("Remark" if is_english else "备注")] if with_remarks else [])]
    for item in items:
        before, now = wording.number(), wording.number()
        row = [item, f"{now:,}.{wording.chance.randint(10, 99)}", f"{before:,}.00", f"{now - before:+,}"]
        rows.append([*row, wording.chance.choice(remarks)] if with_remarks else row)
    return rows


def readings(wording: Wording, count: int) -> list[list[str]]:
    """A header and `count` rows: station, code, reading."""
    is_english = wording.is_spaced
    year = wording.number()
    rows = [[f"Station {year}", "Code", "Reading"] if is_english else [f"测站{year}", "编号", "读数"]]
    places = _ENGLISH_PLACES if is_english else _CHINESE_PLACES
    for n in range(count):
        rows.append(
            [places[n % len(places)], f"S-{wording.number()}", f"{wording.number()}.{wording.chance.randint(1, 9)}"]
        )
    return rows
