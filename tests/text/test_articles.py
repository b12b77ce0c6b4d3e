"""Articles that questions ask for by number: their own text, before what only refers to them."""

import pytest

from tools.text.articles import asked_article, document_of_article, is_article_heading, is_in_article
from tools.text.extractive import Evidence, pick_sentences
from tools.text.question import asked_for

THIRD = "第三条 供方应当提供合格证。逾期的，每日支付违约金一千元。"
FOURTH = "第四条 违反第三条规定的，需方可以解除合同。"
LEASE = (
    "Article 1 Rent. The rent is paid monthly.\n\nArticle 2 Obligations.\nThe tenant shall:\n(a) heat the rooms;\n"
    "(b) clean the stairs.\n\nArticle 3 Remedies. Whoever breaches Article 2 pays 50 euros."
)


def pick(question: str, *evidence: Evidence) -> list[str]:
    return [each.text for each in pick_sentences(asked_for(question), evidence)]


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("第四条禁止哪些行为？", "第4条"),
        ("第十二条之一是什么？", "第12条之1"),
        ("根据第 四 条怎么办？", ""),
        ("违反第四条怎么处罚？", ""),
        ("What does article 12 say?", "article 12"),
        ("Who pays for a breach of Article 2?", ""),
        ("第三条款怎么写？", ""),
        ("二标段的工期是多少？", ""),
    ],
)
def test_the_article_of_a_question(question: str, key: str) -> None:
    assert asked_article(question) == key


def test_a_place_belongs_to_the_article_above_it() -> None:
    text = f"{THIRD}\n{FOURTH}"
    assert is_in_article("第3条", text, text.index("逾期"))
    assert is_in_article("第4条", text, text.index("第四条"))
    assert not is_in_article("第3条", text, text.index("需方"))
    assert is_in_article("第2条", "续前。", 0, "第二条")


def test_a_heading_says_nothing() -> None:
    assert is_article_heading("Article 3 Remedies.")
    assert is_article_heading("第三条 定义")
    assert not is_article_heading("Article 4 Smoking is prohibited.")
    assert not is_article_heading("Remedies.")


def test_an_article_is_answered_by_its_own_text() -> None:
    third, fourth = Evidence(1, "", THIRD), Evidence(2, "", FOURTH)
    assert pick("第三条规定了什么？", fourth, third) == [
        "第三条 供方应当提供合格证。",
        "逾期的，每日支付违约金一千元。",
    ]
    assert pick("违反第三条规定怎么办？", third, fourth) == [FOURTH]
    assert pick("第3条规定的违约金是多少？", fourth, third)[0] == "逾期的，每日支付违约金一千元。"


def test_the_rest_of_an_article_in_the_next_passage_is_known_by_its_number() -> None:
    rest = Evidence(2, "", "逾期的，每日支付违约金二千元。", article="第三条")
    other = Evidence(1, "", "逾期的，按第三条支付违约金三千元。", article="第九条")
    assert pick("第三条的违约金是多少？", other, rest)[0] == "逾期的，每日支付违约金二千元。"


def test_the_heading_of_an_article_stands_above_what_it_says() -> None:
    lease = Evidence(1, "Lease", LEASE)
    assert pick("What does Article 1 say?", lease) == ["The rent is paid monthly."]
    assert pick("What are the obligations under Article 2?", lease) == [
        "The tenant shall: (a) heat the rooms; (b) clean the stairs."
    ]
    assert pick("What is paid for a breach of Article 2?", lease)[0] == "Whoever breaches Article 2 pays 50 euros."


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("仓库租赁合同第九条是什么？", "仓库租赁合同"),
        ("根据《员工手册》第三条，年假有多少天？", "员工手册"),
        ("按照户外广告管理条例的第五条怎么办？", "户外广告管理条例"),
        ("按照规定第三条怎么办？", ""),
        ("合同第九条是什么？", ""),
        ("What does section 3 of the consulting agreement say?", "consulting agreement"),
        ("What does the Data Protection Act say in section 5?", "Data Protection Act"),
        ("What does section 3 of the Act say?", ""),
        ("What are the rules in section 4?", ""),
        ("What does the consulting agreement say?", ""),
    ],
)
def test_the_document_of_an_article(question: str, name: str) -> None:
    assert document_of_article(question) == name


def test_an_article_of_a_named_document_is_not_that_of_another() -> None:
    lease = Evidence(1, "仓库租赁合同", "第四条 租金每月支付。")
    rules = Evidence(2, "户外广告管理条例", "第九条 未经许可设置广告的，处以罚款。", article="第九条")
    assert pick("仓库租赁合同第九条是什么？", rules, lease) == []
    assert pick("仓库租赁合同第四条是什么？", rules, lease) == ["第四条 租金每月支付。"]
    assert pick("第九条是什么？", rules, lease)[0] == "第九条 未经许可设置广告的，处以罚款。"


def test_a_number_without_the_word_is_the_article_of_a_named_document() -> None:
    agreement = Evidence(1, "Consulting Agreement", "7.2 The consultant is insured for two years.")
    question = "What does clause {} of the consulting agreement say?"
    assert pick(question.format("7.2"), agreement) == [agreement.text]
    assert pick(question.format("7.3"), agreement) == []


def test_a_heading_on_the_line_of_its_text_is_no_answer() -> None:
    act = Evidence(1, "Seaways Act", "Section 5. Officers. A port of 20 boats has a warden. It pays the warden.")
    assert pick("What does section 5 of the Seaways Act say?", act) == [
        "A port of 20 boats has a warden.",
        "It pays the warden.",
    ]
    assert pick("Who are the officers of a port?", act)[0] == "A port of 20 boats has a warden."
