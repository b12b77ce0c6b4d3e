"""Words of a question that its answer need not contain."""

STOP_WORDS = frozenset(
    "的 了 是 在 和 与 及 或 吗 呢 吧 啊 呀 么 嘛 有 没有 就 都 也 还 又 被 把 "
    "对 从 向 为 以 由 于 而 但 并 这 那 这个 那个 这些 那些 它 他 她 它们 他们 我 "
    "我们 你 你们 您 请 请问 想 想问 知道 告诉 一下 能 能否 可以 会 什么 什么样 哪 "
    "哪些 哪个 哪位 哪里 哪儿 哪家 哪一 谁 谁的 何 何时 多少 几 几个 怎么 怎么办 怎样 如何 几天 几年 几个月 几次 "
    "为什么 为何 是否 是不是 有没有 多大 多长 多久 多高 多远 时候 时间 地方 地点 意思 "
    "是什么 叫 叫做 称为 指 指的 属于 关于 其中 分别 以及 还有 一个 哪种 哪年 哪天 哪月 "
    "几月 几号 来 去 到 上 下 中 里 内 后 前 个 位 种 项 名 家 条 年 月 日 号 将 "
    "要 应 应该 应当 最新 最近 今天 现今 当前 如今 本周 需要 必须 进行 具体 主要 目前 现在 一共 总共 共 所 之 其 等 "
    "per 具有 包括 包含 介绍 说明 问 问题 回答 关系 做 用 给".split()
) | frozenset(
    "a an the of in on at to for from by with and or but is are was were be been being do does did has have had "
    "what which who whom whose when where why how many much long often far old tall big i you he she it we they me "
    "my your his her its our their this that these those there here can could will would shall should may might must "
    "about as into than then so if not no nor please tell know give find show list name called mean meaning between "
    "s t re ve ll d m us any some all each also just during after before under over per up out "
    "latest newest recent recently current currently now today".split()
)
