from evals.metrics.claims import claims, claims_something, is_supported, supported_share
from evals.records import NotComputed

LIFT = "The site lift carries at most 12 people."
METRO = "地铁二号线全长35公里，共设站点24座。"


def test_what_claims_nothing_is_left_out() -> None:
    assert claims("In summary:\nThe lift carries 12 people.[1][2] 二号线有24座车站。[3]") == [
        "The lift carries 12 people.",
        "二号线有24座车站。",
    ]
    assert not claims_something("")
    assert not claims_something("……")
    assert claims_something("1997")


def test_a_claim_is_supported_or_not_or_cannot_be_compared() -> None:
    assert is_supported("The lift carries 12 people.", [LIFT]) is True
    assert is_supported("The lift carries 15 people.", [LIFT]) is False
    assert is_supported("The second line is long.", [METRO]) is None
    assert is_supported("The second line has 99 stations.", [METRO]) is False


def test_only_what_can_be_compared_is_counted() -> None:
    said = ["The lift carries 12 people.", "The lift carries 15 people.", "电梯很新也很快"]
    assert supported_share(said, [LIFT]) == 0.5
    assert supported_share(said[2:], [LIFT]) == NotComputed("in the other language than the texts")
    assert supported_share([], [LIFT]) == NotComputed("claims nothing")
    assert supported_share(said, []) == 0
