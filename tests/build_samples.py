# ruff: noqa: E501 (the sentences of the papers are not broken)
"""Builds the PDF, Word and Excel samples: `python tests/build_samples.py [FOLDER]`. Two runs give equal bytes.

The samples are the papers of an invented company, Jianglan Urban Construction Group (江岚城市建设集团有限公司), about one
invented project, the East Station Hub (东站综合交通枢纽工程) in the invented city of Cangyu (沧屿市). Facts that the tests and
the demo rely on (amounts in 万元):

environmental report       环境影响报告书.pdf     page 3, noise by day: section 1 66, section 2 68, section 3 64 dB; page 4,
                                                  spoil: 18.3, 52.7 and 15.4, 86.4 in all; page 5: investment 6,850
construction plan          施工组织设计.docx      pit 18.6 m, wall 42 m deep; who builds and who supervises each section
contract of section 2      二标段施工合同.pdf     DZ-SG-2024-017; page 2: price 96,480; page 3: 780 days, penalty 19.296 a day
investment ledger          投资台账.xlsx          plan 58,350 / 129,080 / 79,000; done 78,450 / 63,677 / 17,367
glossary                   术语表.md              纳统, 形象进度, 概算 (48.6 亿元), 暂估价, 甲供材
policy notice of 2023      变更管理办法通知.html  article 9: 200 万元
its amendment of 2025      变更管理办法修订.txt   article 9: 500 万元 from 2025-07-01; the one fact with two values
people and roles           人员与职责.csv         华衡工程监理有限公司: 孟庭芳 (法定代表人), 顾远舟 (总监理工程师)
minutes                    工程例会纪要.txt       leaks in section 2: 沈若川, until 15 October 2025
overview, English          project-overview.md    the same sections and people; 86,000 passengers a day
safety handbook, English   safety-handbook.pdf    page 3: hot work permit 24 hours in advance
suppliers, English         suppliers.csv          escalators: DZ-CG-2025-004, owner-supplied
notice, English            night-work-notice.html three nights in September 2025
questions, English         faq.md                 car park 1,150 spaces

Section 2 is supervised by 华衡工程监理有限公司 (plan and contract); who legally represents that company stands only in the
list of people: that question needs both.
"""

import datetime
import io
import re
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import openpyxl
from openpyxl.styles import Font
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

STAMP = datetime.datetime(2025, 9, 30, 9, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")

Rows = Sequence[Sequence[object]]
Block = str | Rows  # "# …" and "## …" are headings

ENVIRONMENT: list[list[Block]] = [
    [
        "# 东站综合交通枢纽工程环境影响报告书",
        "建设单位：江岚城市建设集团有限公司",
        "编制单位：沧屿清源环境科技有限公司",
        "编制日期：2024年1月22日",
        "批复文号：沧环审〔2024〕7号",
        "## 1 项目概况",
        "东站综合交通枢纽工程（以下简称“东站项目”）位于沧屿市望溪区站东路以西，由江岚城市建设集团有限公司（以下简称“江岚城建”）投资建设，"
        "总建筑面积31.2万平方米，批复概算48.6亿元，计划于2024年3月18日开工，2026年12月30日竣工。",
        "工程分为三个标段：一标段为站房及高架落客平台，二标段为地下换乘大厅及综合管廊，三标段为站前广场及市政配套道路。"
        "项目周边200米范围内有望溪实验小学、站东社区和沧屿市第三人民医院三处环境敏感目标，其中望溪实验小学距二标段施工场界最近，为85米。",
        "报告书依据《建设项目环境影响评价技术导则》编制，评价因子包括扬尘、噪声、施工废水、弃土和振动。",
    ],
    [
        "## 2 大气环境影响",
        "施工期大气污染主要来自土方开挖、物料运输和堆放产生的扬尘。经预测，土方开挖阶段场界PM10日均浓度最大值为0.118毫克每立方米，"
        "低于0.15毫克每立方米的控制限值。",
        "各标段围挡高度不低于2.5米，围挡上方每隔3米设置一个喷淋头，场内主要道路每日洒水不少于4次。车辆出入口设置自动洗车台，"
        "冲洗时间不少于90秒，未经冲洗的车辆不得驶出工地。",
        "遇有五级以上大风或者重污染天气橙色预警时，应停止土方开挖、拆除和露天切割作业，并对裸露土方全部覆盖。",
        "江岚城建安全环保部每周检查一次扬尘治理情况，扬尘在线监测数据实时上传至沧屿市生态环境局平台。",
    ],
    [
        "## 3 声环境影响",
        "施工场界噪声执行GB 12523-2011《建筑施工场界环境噪声排放标准》，昼间限值为70分贝，夜间限值为55分贝。",
        "一标段施工场界昼间噪声预测值为66分贝，夜间噪声预测值为52分贝。二标段施工场界昼间噪声预测值为68分贝，夜间噪声预测值为54分贝。"
        "三标段施工场界昼间噪声预测值为64分贝，夜间噪声预测值为51分贝。各标段预测值均满足标准要求。",
        "二标段距望溪实验小学较近，应在东侧设置长160米、高4米的移动声屏障，可降低噪声8分贝。考试期间和每日12时至14时停止使用液压破碎锤。",
        "因混凝土连续浇筑等工艺要求必须夜间施工的，应当提前3日取得夜间施工许可并公告附近居民。",
    ],
    [
        "## 4 水环境与弃土",
        "施工废水经三级沉淀后悬浮物浓度为46毫克每升，回用于洒水和车辆冲洗，回用率不低于85%，剩余部分排入市政污水管网。",
        "工程弃土总量为86.4万立方米，各标段弃土量如下表，全部运往城北弃土场和龙湾复垦区，运输时间为每日20时至次日6时。",
        [
            ["标段", "弃土量（万立方米）", "运往地点", "运距（公里）"],
            ["一标段", "18.3", "城北弃土场", "14"],
            ["二标段", "52.7", "龙湾复垦区", "21"],
            ["三标段", "15.4", "城北弃土场", "13"],
        ],
        "基坑降水期间设置24口地下水位观测井，水位日降幅超过0.5米时应当报警并采取回灌措施。",
    ],
    [
        "## 5 环境管理与结论",
        "工程环境保护投资为6850万元，占批复概算的1.41%，其中扬尘治理2100万元，噪声防治1650万元，水处理1240万元，弃土运输密闭改造1860万元。",
        "环境监测由宋以宁负责，监测结果按季度报沧屿市生态环境局。施工期监测计划为：扬尘在线连续监测，噪声每月监测一次，废水每季度监测一次。",
        "公众参与期间共发放调查问卷320份，收回306份，支持项目建设的占94.1%，居民最关心的问题是夜间噪声和交通疏解。",
        "结论：在落实各项环境保护措施的前提下，东站综合交通枢纽工程对环境的影响可以接受，从环境保护角度建设可行。",
    ],
]

CONTRACT: list[list[Block]] = [
    [
        "# 东站综合交通枢纽工程二标段施工合同",
        "合同编号：DZ-SG-2024-017",
        "发包人：江岚城市建设集团有限公司",
        "承包人：北辰隧道工程有限公司",
        "监理单位：华衡工程监理有限公司",
        "设计单位：明筑建筑设计院有限公司",
        "签订日期：2024年4月22日",
        "签订地点：沧屿市望溪区",
        "## 第一章 总则",
        "第一条 为明确双方权利义务，发包人江岚城市建设集团有限公司（以下简称“江岚城建”）与承包人北辰隧道工程有限公司（以下简称“北辰隧道”）"
        "就东站综合交通枢纽工程二标段施工事项订立本合同。",
        "第二条 工程内容为地下换乘大厅及综合管廊的土建、防水和机电预埋工程，换乘大厅建筑面积8.6万平方米，综合管廊长1.34公里。",
        "第三条 合同文件的解释顺序为：合同协议书、中标通知书、专用条款、通用条款、图纸、工程量清单。",
    ],
    [
        "## 第二章 合同价款",
        "第四条 本合同签约合同价为96480万元，其中安全文明施工费2316万元，暂估价8200万元，暂列金额3000万元。",
        "第五条 预付款为签约合同价的10%，即9648万元，发包人应当在合同生效并收到预付款保函后28日内支付。",
        "第六条 进度款按月支付，支付比例为当月经监理单位审核的完成产值的80%。承包人应当在每月25日前提交当月工程量报表。",
        "第七条 质量保证金为结算价款的3%，缺陷责任期为24个月，自竣工验收合格之日起计算。",
        "第八条 主要钢材和水泥的市场价格与基准价相比涨跌超过5%的，超出部分由发包人承担或者受益，其他材料价格不作调整。",
    ],
    [
        "## 第三章 工期",
        "第九条 合同工期为780日历天，自2024年5月6日开工，计划于2026年6月24日竣工。",
        "第十条 关键节点为：2024年10月20日前完成地下连续墙，2025年4月15日前基坑开挖到底，2025年11月28日前换乘大厅主体结构封顶，"
        "2026年4月30日前完成机电安装。",
        "第十一条 因承包人原因造成工期延误的，每逾期一日，承包人应当按签约合同价的万分之二支付逾期违约金，即每日19.296万元；"
        "逾期违约金累计不超过签约合同价的5%，即4824万元。",
        "第十二条 因不可抗力、发包人提供图纸延迟或者重大设计变更造成工期延误的，工期相应顺延，承包人应当在事件发生后14日内提出书面申请。",
        "第十三条 承包人提前竣工的，每提前一日奖励5万元，奖励总额不超过300万元。",
    ],
    [
        "## 第四章 质量、安全与变更",
        "第十四条 工程质量应当达到合格标准，并争创沧屿市优质结构工程奖；地下防水等级为一级。",
        "第十五条 承包人的项目经理为沈若川，未经发包人书面同意不得更换；擅自更换的，承包人支付违约金50万元。",
        "第十六条 自动扶梯、中压电缆和消防报警设备为甲供材，由发包人采购，承包人负责验收后的保管和安装配合。",
        "第十七条 工程变更应当先批准后实施，并执行《沧屿市政府投资项目工程变更管理办法》及其修改决定。",
        "第十八条 发生一般及以上生产安全责任事故的，承包人除承担法定责任外，还应当支付违约金200万元。",
    ],
    [
        "## 第五章 验收、结算与争议",
        "第十九条 承包人应当在具备竣工验收条件后7日内提交竣工验收申请，监理单位应当在14日内完成预验收。",
        "第二十条 承包人应当在竣工验收合格后56日内提交结算资料，发包人应当在收到完整资料后90日内完成审核。",
        "第二十一条 发包人逾期支付工程款的，按照同期一年期贷款市场报价利率支付利息。",
        "第二十二条 双方发生争议的，应当先协商解决；协商不成的，提交沧屿仲裁委员会仲裁。",
        "第二十三条 本合同一式十二份，双方各执六份，自双方签字盖章之日起生效。",
        "附件清单：",
        [
            ["附件", "名称", "页数"],
            ["附件一", "工程量清单", "186"],
            ["附件二", "暂估价材料设备一览表", "4"],
            ["附件三", "廉洁协议", "3"],
        ],
    ],
]

HANDBOOK: list[list[Block]] = [
    [
        "# East Station Hub Safety Handbook",
        "Edition: 3, valid from 1 June 2025",
        "Published by: Jianglan Urban Construction Group Co., Ltd.",
        "## 1 Purpose and duties",
        "This handbook applies to everyone who enters the sites of Sections 1, 2 and 3. Contractors may set stricter rules but never looser ones.",
        "Luo Jingcheng is the safety director of Jianglan. The safety director may stop any work at once; only the safety director or a deputy "
        "may allow it to resume.",
        "Every worker attends a safety induction of four hours before the first shift and a refresher of one hour every month.",
    ],
    [
        "## 2 Personal protective equipment",
        "Helmet, high-visibility vest, safety boots and eye protection are worn at all times outside the site offices. Hearing protection is "
        "compulsory where the level exceeds 85 dB(A).",
        "A full-body harness is worn for any work at a height of 2 metres or more. Harnesses are inspected every six months and are withdrawn "
        "five years after manufacture.",
        "Helmet colours: white for management, yellow for workers, blue for electricians, red for fire wardens.",
    ],
    [
        "## 3 Permits to work",
        "Hot work, confined spaces, lifting above 10 tonnes and work near live cables need a written permit.",
        "A hot work permit must be requested 24 hours in advance and is valid for one shift of at most eight hours. A fire watch stays on the "
        "spot for 60 minutes after the work has ended.",
        "Nobody enters a confined space before the air has been tested. Oxygen must lie between 19.5 and 23.5 per cent, and an attendant "
        "remains at the entrance.",
        [
            ["Permit", "Issued by", "Request ahead", "Valid for"],
            ["Hot work", "Fire warden", "24 hours", "8 hours"],
            ["Confined space", "Section safety officer", "48 hours", "4 hours"],
            ["Heavy lifting", "Lifting supervisor", "72 hours", "One lift"],
        ],
    ],
    [
        "## 4 Excavations and lifting",
        "The edges of all pits deeper than 2 metres are guarded by barriers 1.2 metres high. Spoil and materials are kept at least 1.5 metres "
        "away from the edge.",
        "Pits are inspected every morning and after every heavy rain. Work stops when a support moves by more than 3 millimetres in a day or "
        "30 millimetres in total.",
        "Tower cranes stop at wind speeds above 12 metres per second. No load is moved over people, and only trained signallers guide lifts.",
    ],
    [
        "## 5 Emergencies and reporting",
        "The internal emergency number is 8801. The muster point for Sections 1 and 3 is Gate 1, and the muster point for Section 2 is Gate 3.",
        "Every accident and near miss is reported to the duty safety officer within 30 minutes and in writing within 24 hours. Nobody is "
        "punished for reporting.",
        "Each section holds a fire drill every three months. First-aid posts are staffed whenever more than 50 people are on site.",
    ],
]

PLAN: list[Block] = [
    "# 东站综合交通枢纽工程施工组织设计",
    "编制单位：东站项目部",
    "编制日期：2024年4月8日",
    "审批人：梁致远",
    "## 工程概况",
    "东站综合交通枢纽工程位于沧屿市望溪区，总建筑面积31.2万平方米，由江岚城市建设集团有限公司建设，明筑建筑设计院有限公司设计。工程计划于2026年12月30日竣工。",
    "### 标段划分",
    "工程划分为三个标段，各标段参建单位见下表。",
    [
        ["标段", "工程内容", "施工单位", "监理单位", "项目经理"],
        ["一标段", "站房及高架落客平台", "沧屿建工第二工程有限公司", "衡岳工程监理有限公司", "周启明"],
        ["二标段", "地下换乘大厅及综合管廊", "北辰隧道工程有限公司", "华衡工程监理有限公司", "沈若川"],
        ["三标段", "站前广场及市政配套道路", "云浦市政建设有限公司", "衡岳工程监理有限公司", "何雨青"],
    ],
    "## 主要施工方案",
    "### 一标段站房",
    "站房屋盖为跨度72米的钢结构，由16根树状柱支承，总用钢量9400吨，采用分块吊装、整体合拢的方法施工。站房柱混凝土强度等级为C40。",
    "### 二标段基坑",
    "二标段基坑深18.6米，采用地下连续墙加四道内支撑的支护形式。地下连续墙厚1.0米，深42米，混凝土强度等级为C35。",
    "基坑开挖遵循分层、分段、对称、限时的原则，每层开挖后16小时内完成支撑架设。支护结构水平位移累计达到30毫米时应当停止开挖。",
    "### 三标段道路",
    "三标段市政配套道路全长2.8公里，路面采用沥青混凝土，站前广场铺装面积4.6万平方米。",
    "## 进度计划",
    "总工期自2024年3月18日至2026年12月30日，主要节点如下表。",
    [
        ["节点", "标段", "计划完成日期", "责任人"],
        ["站房基础及下部结构完成", "一标段", "2024-11-30", "周启明"],
        ["站房主体结构封顶", "一标段", "2025-12-20", "周启明"],
        ["屋盖钢结构合拢", "一标段", "2026-03-31", "周启明"],
        ["地下连续墙完成", "二标段", "2024-10-20", "沈若川"],
        ["基坑开挖到底", "二标段", "2025-04-15", "沈若川"],
        ["换乘大厅主体结构封顶", "二标段", "2025-11-28", "沈若川"],
        ["机电安装完成", "二标段", "2026-04-30", "沈若川"],
        ["站前广场铺装完成", "三标段", "2026-07-15", "何雨青"],
        ["市政配套道路通车", "三标段", "2026-09-20", "何雨青"],
    ],
    "## 资源配置",
    "高峰期现场施工人员1860人，配备塔式起重机9台、履带式起重机4台、混凝土泵车12台。",
    "主要管理要求：",
    "- 钢筋、混凝土等主要材料按批次见证取样。",
    "- 特种作业人员持证上岗，持证率100%。",
    "- 每周五召开生产调度会，由方承泽主持。",
    "## 质量与安全目标",
    "工程质量一次验收合格率100%，争创沧屿市优质结构工程奖；杜绝较大及以上生产安全事故。安全生产由罗景澄负责。",
]

LEDGER: dict[str, Rows] = {
    "年度投资计划": [
        ["东站综合交通枢纽工程年度投资计划表（单位：万元）"],
        ["标段", "施工单位", "2024年计划", "2025年计划", "2026年计划", "合计"],
        ["一标段", "沧屿建工第二工程有限公司", 28000, 62600, 38000, 128600],
        ["二标段", "北辰隧道工程有限公司", 24000, 48480, 24000, 96480],
        ["三标段", "云浦市政建设有限公司", 6350, 18000, 17000, 41350],
        ["合计", None, 58350, 129080, 79000, 266430],
    ],
    "完成情况": [
        ["截至2025年9月30日投资完成情况（单位：万元）"],
        ["标段", "合同金额", "累计完成投资", "完成比例", "累计纳统投资", "形象进度"],
        ["一标段", 128600, 78450, 0.61, 75200, "站房主体结构完成至三层"],
        ["二标段", 96480, 63677, 0.66, 60900, "换乘大厅底板全部完成，顶板完成70%"],
        ["三标段", 41350, 17367, 0.42, 16800, "站前广场地下部分完成，东侧道路路基完成60%"],
        ["合计", 266430, 159494, 0.5986, 152900, None],
    ],
    "支付台账": [
        ["支付日期", "标段", "款项", "金额（万元）", "收款单位", "经办人"],
        [datetime.date(2024, 4, 12), "一标段", "预付款", 12860, "沧屿建工第二工程有限公司", "江映雪"],
        [datetime.date(2024, 5, 20), "二标段", "预付款", 9648, "北辰隧道工程有限公司", "江映雪"],
        [datetime.date(2024, 9, 10), "三标段", "预付款", 4135, "云浦市政建设有限公司", "江映雪"],
        [datetime.date(2025, 7, 25), "二标段", "6月进度款", 3264, "北辰隧道工程有限公司", "许念真"],
        [datetime.date(2025, 8, 26), "一标段", "7月进度款", 4180, "沧屿建工第二工程有限公司", "许念真"],
        [datetime.date(2025, 8, 27), "二标段", "7月进度款", 3392, "北辰隧道工程有限公司", "许念真"],
    ],
    "暂估价与甲供材": [
        ["名称", "类别", "标段", "估算金额（万元）", "采购状态"],
        ["自动扶梯", "甲供材", "一标段、二标段", 5400, "已签约，首批12台推迟到货"],
        ["中压电缆", "甲供材", "一标段、二标段", 2860, "已签约"],
        ["消防报警设备", "甲供材", "一标段、二标段", 1980, "招标中"],
        ["人防门", "暂估价", "二标段", 2650, "待招标"],
        ["综合监控系统", "暂估价", "二标段", 5550, "方案论证"],
    ],
}


def pdf(title: str, pages: Sequence[Sequence[Block]], font: str, *, is_chinese: bool) -> bytes:
    """A PDF with one page for each entry of `pages`."""
    wrap = "CJK" if is_chinese else None
    body = ParagraphStyle("body", fontName=font, fontSize=11, leading=18, spaceAfter=7, wordWrap=wrap)
    styles = {
        "# ": ParagraphStyle("title", parent=body, fontSize=18, leading=28, spaceAfter=14),
        "## ": ParagraphStyle("heading", parent=body, fontSize=14, leading=22, spaceBefore=6, spaceAfter=8),
    }
    flowables: list[Flowable] = []
    for number, blocks in enumerate(pages):
        if number:
            flowables.append(PageBreak())
        for block in blocks:
            flowables.extend(_flowables(block, styles, body))
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4, title=title, author="Jianglan", invariant=1, margin=72).build(flowables)
    return buffer.getvalue()


def _flowables(block: Block, styles: dict[str, ParagraphStyle], body: ParagraphStyle) -> list[Flowable]:
    if not isinstance(block, str):
        style = TableStyle([("FONT", (0, 0), (-1, -1), body.fontName, 10), ("GRID", (0, 0), (-1, -1), 0.5, "black")])
        return [Table(block, style=style, hAlign="LEFT"), Spacer(1, 10)]
    for mark, style in styles.items():
        if block.startswith(mark):
            return [Paragraph(block.removeprefix(mark), style)]
    return [Paragraph(block, body)]


def word(title: str, blocks: Sequence[Block]) -> bytes:
    """A Word file with headings, bullet lists and tables."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.created, properties.modified = title, "Jianglan", STAMP, STAMP
    for block in blocks:
        if not isinstance(block, str):
            _word_table(document.add_table(len(block), len(block[0]), style="Table Grid"), block)
        elif block.startswith("#"):
            marks, _, text = block.partition(" ")
            document.add_heading(text, level=len(marks) - 1)  # 0 is the title
        elif block.startswith("- "):
            document.add_paragraph(block.removeprefix("- "), style="List Bullet")
        else:
            document.add_paragraph(block)
    buffer = io.BytesIO()
    document.save(buffer)
    return _fixed_times(buffer.getvalue())


def _word_table(table: "docx.table.Table", rows: Rows) -> None:
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = str(value)


def excel(title: str, sheets: dict[str, Rows]) -> bytes:
    """An Excel file. Fractions below 1 are shown in per cent, amounts with thousands separators."""
    workbook = openpyxl.Workbook()
    workbook.properties.title, workbook.properties.creator = title, "Jianglan"
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cell in (cell for cells in sheet.iter_rows() for cell in cells):
            if isinstance(cell.value, float):
                cell.number_format = "0.00%"
            elif isinstance(cell.value, int):
                cell.number_format = "#,##0"
        header = next(number for number, row in enumerate(rows, start=1) if len(row) > 1)
        for cell in sheet[header]:
            cell.font = Font(bold=True)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return _fixed_times(buffer.getvalue())


def _fixed_times(archive: bytes) -> bytes:
    """The same Office archive with every time stamp set to STAMP."""
    buffer = io.BytesIO()
    stamp = STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in sorted(source.infolist(), key=lambda info: info.filename):
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            info = zipfile.ZipInfo(entry.filename, date_time=STAMP.timetuple()[:6])
            target.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


BUILDERS: dict[str, Callable[[], bytes]] = {
    "环境影响报告书.pdf": lambda: pdf(
        "东站综合交通枢纽工程环境影响报告书", ENVIRONMENT, "STSong-Light", is_chinese=True
    ),
    "二标段施工合同.pdf": lambda: pdf("东站综合交通枢纽工程二标段施工合同", CONTRACT, "STSong-Light", is_chinese=True),
    "safety-handbook.pdf": lambda: pdf("East Station Hub Safety Handbook", HANDBOOK, "Helvetica", is_chinese=False),
    "施工组织设计.docx": lambda: word("东站综合交通枢纽工程施工组织设计", PLAN),
    "投资台账.xlsx": lambda: excel("东站综合交通枢纽工程投资台账", LEDGER),
}


def build(folder: Path) -> list[Path]:
    """Writes every binary sample into `folder` and returns their paths."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    paths = []
    for name, make in BUILDERS.items():
        path = folder / name
        path.write_bytes(make())
        paths.append(path)
    return paths


if __name__ == "__main__":
    target_folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "samples"
    for written in build(target_folder):
        print(f"{written}  {written.stat().st_size:,} bytes")
