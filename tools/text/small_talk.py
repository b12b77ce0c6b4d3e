"""Questions that need no source: greetings, thanks, questions about the assistant, tasks for a language model."""

import re
from typing import Literal

Direct = Literal["greeting", "thanks", "farewell", "about", "needs_model"]

_END = r"[\s!！。.,，~～?？呀啊哦呢吗]*$"
_PATTERNS: tuple[tuple[Direct, re.Pattern[str]], ...] = (
    (
        "greeting",
        re.compile(
            r"^(?:你好|您好|大家好|嗨|哈[喽啰]|早上?好|早安|上午好|中午好|下午好|晚上好|在吗|在不在|hi|hello|hey"
            r"|good (?:morning|afternoon|evening|day)|greetings|howdy)"
            r"(?:[\s,，]*(?:there|signpost|路标|all|你好|呀|啊|everyone))?" + _END,
            re.IGNORECASE,
        ),
    ),
    (
        "thanks",
        re.compile(
            r"^(?:(?:非常|十分|太|多)?(?:谢谢|感谢|多谢|谢了|辛苦了)(?:你|您|了|你们|帮助|的帮助)*"
            r"|thanks?(?: you)?(?: (?:so|very) much| a lot)?"
            r"|thx|cheers|much appreciated)" + _END,
            re.IGNORECASE,
        ),
    ),
    (
        "farewell",
        re.compile(
            r"^(?:再见|拜拜|回头见|晚安|明天见|bye(?: ?bye)?|goodbye|see you(?: later)?|good night)" + _END,
            re.IGNORECASE,
        ),
    ),
    (
        "about",
        re.compile(
            r"^(?:你是谁|您是谁|你叫什么(?:名字)?|介绍(?:一下)?(?:你|您)自己|(?:请)?自我介绍(?:一下)?|你(?:能|会|可以)(?:做|干)?(?:什么|些什么|哪些事)"
            r"|你有什么(?:功能|用)|怎么(?:使用)?用你|帮助|help|who are you|what(?:'s| is) your name|what are you"
            r"|what can you do"
            r"|how do you work|what do you do|introduce yourself|tell me about yourself)" + _END,
            re.IGNORECASE,
        ),
    ),
    (
        "needs_model",
        re.compile(
            r"^(?:请|帮我|麻烦)*(?:写一?[首篇封段](?![^，。]*(?:谁|什么|多少|哪|吗))|讲一?个(?:笑话|故事)|说一?个笑话|编一?个|作一?首)"
            r"|^(?:请|帮我|麻烦)+(?:翻译|润色|改写)|^(?:翻译|润色|改写)(?:一下|这|以下|下面|：|:)"
            r"|^(?:请|帮我|麻烦)*把[“\"「『].{1,400}[”\"」』](?:翻译|译|改写|润色)"
            r"|^(?:please |can you |could you )*(?:write|compose|draft) (?:me )?(?:a|an|some) (?!.*\?)"
            r"|^(?:please |can you |could you )*(?:translate|rewrite|proofread) (?:this|the following|it)\b"
            r"|\b(?:tell|sing) me a (?:joke|story|song)\b"
            r"|^[\d\s.()（）]*\d\s*[+*/×÷^]\s*[(（]?\d[\d\s+\-*/×÷().^]*(?:=|＝|等于)?\s*(?:多少|几)?" + _END,
            re.IGNORECASE,
        ),
    ),
)


def direct_kind(question: str) -> Direct | None:
    """What kind of direct answer `question` asks for, or None when it needs a source."""
    text = question.strip()
    return next((kind for kind, pattern in _PATTERNS if pattern.search(text)), None)
