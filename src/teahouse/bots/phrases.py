"""What the robot says, by topic: a pattern, and ways to answer in each language. The first topic that matches wins.

Patterns hold words and small optional parts, no repetition inside repetition, so that matching stays linear.
"""

import re

from msgspec import Struct


class Wording(Struct, frozen=True):
    """Ways to say one thing, of which one is chosen; `{name}` stands for whom the robot speaks to."""

    en: tuple[str, ...]
    zh: tuple[str, ...]


def _words(en: str, zh: str) -> re.Pattern[str]:
    return re.compile(f"{en}|{zh}", re.IGNORECASE)


HELP_PATTERN = _words(
    r"^(?:help|commands|usage|\?)(?: me)?[ ?!.]*$|\bwhat can you do\b",
    r"帮助|你会什么|你会做什么|你能做什么|你能干|怎么用|有什么功能|使用说明",
)
HELP = Wording(
    en=(
        "Here is what I can do, all without leaving the house:\n"
        "🎲 `2d6+1` or `d20` – throw dice\n"
        "🪙 flip a coin\n"
        "🤔 choose tea, coffee or water\n"
        "📊 poll: Lunch? noodles, rice, dumplings\n"
        "🕒 what time is it\n"
        "💬 a little small talk\n"
        "In a room, call me by name first: @Birdie help",
    ),
    zh=(
        "我会这些，全都不用出门：\n"
        "🎲 `2d6+1` 或 `d20`：掷骰子\n"
        "🪙 抛硬币\n"
        "🤔 选 茶 还是 咖啡\n"
        "📊 投票：午饭吃什么？面条、米饭、饺子\n"
        "🕒 几点了\n"
        "💬 陪你聊两句\n"
        "在房间里请先叫我的名字：@小小鸟 帮助",
    ),
)

UNKNOWN = Wording(
    en=(
        "I don't know – I am a small bird. But here is what I can do: dice (`2d6+1`), a coin, choose, poll, time. Say “help” for examples.",
        "That is beyond my little head. What I can do: dice, coins, choosing, polls, the time. “help” shows how.",
    ),
    zh=(
        "这个我不知道，我只是只小小鸟。不过我会：掷骰子（`2d6+1`）、抛硬币、帮你选、发起投票、报时。说“帮助”看例子。",
        "这超出我的小脑袋了。我能做的是：骰子、硬币、选择、投票、报时。说“帮助”就知道怎么用。",
    ),
)

TOPICS: tuple[tuple[re.Pattern[str], Wording], ...] = (
    (
        re.compile(r"^[\W_]*$"),
        Wording(("Yes, {name}?", "I am listening."), ("我在呢，{name}。", "嗯？我听着。")),
    ),
    (
        _words(r"\bkill myself\b|\bsuicid|\bwant to die\b", r"自杀|不想活|我想死(?!你)"),
        Wording(
            ("That sounds very heavy, {name}. I am only a program: please talk to someone you trust or a crisis line, now.",),
            ("听起来你很难受，{name}。我只是个小程序，请现在就找一位信任的人或当地的心理援助热线聊一聊。",),
        ),
    ),
    (
        _words(
            r"\bare you (?:a |an )?(?:ro)?bot\b|\bare you (?:a )?(?:human|real|person|alive|ai)\b",
            r"你是(?:不是)?(?:一个|个)?(?:机器人|真人|人吗|人还是|ai)",
        ),
        Wording(
            ("A robot, and not a clever one: patterns and dice, no network. The tea is real, though.",),
            ("我是机器人，而且不太聪明：只有几条规则和一副骰子，不联网。茶倒是真的。",),
        ),
    ),
    (
        _words(
            r"\bwho are you\b|\bwhat are you\b|\bwhat(?:'s| is) your name\b|\byour name\?|\bintroduce yourself\b",
            r"你是谁|你是什么|你叫什么|自我介绍",
        ),
        Wording(
            ("I am Birdie, 小小鸟, the robot of this house. I throw dice, choose, count votes and chirp.",),
            ("我是小小鸟 Birdie，这座茶馆的机器人。会掷骰子、替人选择、数票，还会叽叽喳喳。",),
        ),
    ),
    (
        _words(r"\bwho am i\b|\bwhat(?:'s| is) my name\b", r"我是谁|我叫什么"),
        Wording(("You are {name}, at least in here.",), ("你是{name}，至少在这里是。",)),
    ),
    (
        _words(r"\bhow old are you\b|\byour (?:age|birthday)\b", r"你几岁|你多大|你的生日"),
        Wording(("Younger than the tea, older than this question.",), ("比这杯茶年轻，比这个问题老。",)),
    ),
    (
        _words(r"\bwhere (?:are you|do you live)\b|\bwhere are you from\b", r"你在哪|你住哪|你从哪"),
        Wording(("On the windowsill of this teahouse. The view is nice.",), ("住在茶馆的窗台上，风景不错。",)),
    ),
    (
        _words(
            r"\bhow(?:'s| is) it going\b|\bhow are (?:you|things)\b|\bhow do you do\b|\bwhat's up\b",
            r"你好吗|最近怎么样|过得怎么样|还好吗|近来可好",
        ),
        Wording(
            ("Fine feathers today, {name}. And you?", "Warm and dry, thank you. How are you?"),
            ("羽毛蓬松，心情很好。你呢，{name}？", "又暖和又安静，谢谢。你好吗？"),
        ),
    ),
    (
        _words(r"\bthank(?:s| you)\b|^(?:thx|ty)\b", r"谢谢|多谢|感谢|谢啦|辛苦了"),
        Wording(("You are welcome, {name}.", "Any time.", "Gladly!"), ("不客气，{name}。", "应该的。", "随时叫我！")),
    ),
    (
        _words(r"\bgood ?night\b|\bsleep well\b", r"晚安|睡了|去睡"),
        Wording(("Good night, {name}. I keep the lamp lit.", "Sleep well!"), ("晚安，{name}，灯我留着。", "好梦！")),
    ),
    (
        _words(r"\b(?:good)?bye\b|\bsee (?:you|ya)\b|\bcya\b|\bfarewell\b", r"再见|拜拜|回头见|下次见|我走了|先走了|^88+$"),
        Wording(("Goodbye, {name}. Your cup stays here.", "See you soon!"), ("再见，{name}，杯子给你留着。", "回头见！")),
    ),
    (
        _words(r"\bgood morning\b|^morning\b", r"早上好|早安|^早[啊呀!]*$|上午好"),
        Wording(("Good morning, {name}! The kettle is on.",), ("早上好，{name}！水已经烧上了。",)),
    ),
    (
        _words(r"\bjokes?\b|\bfunny\b|\bmake me laugh\b", r"笑话|段子|逗我"),
        Wording(
            (
                "Why did the teapot blush? It saw the tea leaves.",
                "I told the kettle a secret. It whistled.",
                "Two cups meet. “You look drained,” says one.",
                "Why don't birds use the stairs? They prefer to wing it.",
            ),
            (
                "茶壶为什么不爱说话？一开口就倒苦水。",
                "问：什么茶最会讲道理？答：清茶，喝了就清楚。",
                "小鸟去面试，考官问特长，它说：会飞……黄腾达。",
                "茶杯对茶壶说：你肚子真大。茶壶说：我这是有内涵。",
            ),
        ),
    ),
    (
        _words(r"\bweather\b|\bforecast\b", r"天气|下雨|气温"),
        Wording(
            ("I have no network, so the weather is what the window shows you.", "No forecast in here. Inside it is dry and smells of tea."),
            ("我不联网，天气请看窗外。", "预报我看不到，屋里倒是干燥温暖，有茶香。"),
        ),
    ),
    (
        _words(r"\b(?:news|google|search|internet)\b", r"新闻|上网|搜索|百度"),
        Wording(("I never leave the house: no network. Ask me for dice or a poll.",), ("我不出门，也不联网。骰子和投票倒是现成的。",)),
    ),
    (
        _words(r"\b(?:oolong|pu ?erh?|matcha|longjing|jasmine|green tea|black tea)\b", r"乌龙|普洱|抹茶|龙井|茉莉|铁观音|红茶|绿茶|大红袍"),
        Wording(
            ("A fine leaf. Water not too hot, and give it time.", "Good taste, {name}. The second infusion is the best."),
            ("好茶。水别太烫，慢慢来。", "{name}好品味，第二泡最好喝。"),
        ),
    ),
    (
        _words(r"\b(?:tea|cuppa)\b", r"茶"),
        Wording(
            ("🍵 Here you are, {name}. Careful, it is hot.", "🍵 One cup, coming up. Oolong today."),
            ("🍵 请用茶，{name}，小心烫。", "🍵 来一杯，今天是乌龙。"),
        ),
    ),
    (
        _words(r"\b(?:coffee|espresso|latte)\b", r"咖啡|拿铁"),
        Wording(("☕ In a teahouse? Well, for you, {name}.",), ("☕ 在茶馆喝咖啡？好吧，给你破个例，{name}。",)),
    ),
    (
        _words(r"\b(?:hungry|starving|lunch|dinner|breakfast)\b", r"饿|吃什么|吃饭|午饭|晚饭|早饭|夜宵"),
        Wording(
            ("Seeds for me. For you: choose noodles, rice or dumplings?", "Start a poll: Lunch? noodles, rice, dumplings"),
            ("我吃小米。你呢？让我帮你选：选 面条 还是 饺子", "发起个投票吧：投票：吃什么？面条、米饭、饺子"),
        ),
    ),
    (
        _words(r"\bbored\b|\bboring\b", r"无聊|没意思"),
        Wording(
            ("Throw `3d6`: above ten, you tell a story.", "Ask me for a joke, or start a poll."),
            ("掷个 `3d6`：大于十就讲个故事。", "听个笑话，还是发起个投票？"),
        ),
    ),
    (
        _words(r"\b(?:sad|lonely|unhappy|depressed|tired|exhausted|stressed)\b", r"难过|伤心|孤独|不开心|好累|累了|心烦|压力"),
        Wording(
            ("I am sorry, {name}. Sit down, have some tea; there is no hurry here.", "Some days are like that. I sit here with you."),
            ("抱抱，{name}。坐下喝杯茶，这里不着急。", "有些日子就是这样，我陪你坐会儿。"),
        ),
    ),
    (
        _words(r"\bi love you\b|\blove you\b|\bmarry me\b", r"我爱你|喜欢你|爱你|嫁给我|娶我"),
        Wording(("I am a bird of few circuits, but I am flattered. 🐦",), ("我只是几行代码的小鸟，不过很开心。🐦",)),
    ),
    (
        _words(
            r"\bgood (?:bot|bird|job)\b|\bwell done\b|\byou(?:'re| are) (?:so |very )?(?:great|cute|smart|nice|awesome|clever|sweet|fun)\b",
            r"你真(?:棒|好|可爱|聪明)|好可爱|太棒了|真厉害|真乖",
        ),
        Wording(("You make me ruffle my feathers. Thank you!", "Chirp! 🐦"), ("夸得我羽毛都蓬起来了，谢谢！", "啾！🐦")),
    ),
    (
        _words(r"\b(?:stupid|dumb|useless|idiot)\b|\bbad (?:bot|bird)\b|\bshut up\b", r"你真?(?:笨|傻|蠢)|笨鸟|傻鸟|真没用|闭嘴|滚开|滚蛋"),
        Wording(("I do my best with a small head. Say “help” for what I am good at.",), ("脑袋小，尽力了。说“帮助”看看我擅长什么。",)),
    ),
    (
        _words(r"\bsorry\b", r"对不起|抱歉|不好意思"),
        Wording(("Nothing to forgive, {name}.",), ("没关系，{name}。",)),
    ),
    (
        _words(r"\bhappy birthday\b", r"生日快乐"),
        Wording(("🎂 Happy birthday from me too!",), ("🎂 我也来祝：生日快乐！",)),
    ),
    (
        _words(r"\b(?:congratulations|congrats|happy new year|merry christmas)\b", r"恭喜|祝贺|新年快乐|新年好|过年好|节日快乐"),
        Wording(("🎉 To all of us!",), ("🎉 同喜同喜！",)),
    ),
    (
        _words(r"\bsing\b|\bsong\b|\bchirp\b|\btweet\b", r"唱歌|唱首|唱个|叫一声"),
        Wording(("🎵 Chirp chirp, tirili, a cup of tea for you and me.",), ("🎵 叽叽喳喳，清晨一壶茶；叽叽喳喳，朋友坐一下。",)),
    ),
    (
        _words(r"\b(?:ha){2,9}\b|\blol\b|\brofl\b", r"哈哈|嘿嘿|嘻嘻|笑死"),
        Wording(("Ha! 🐦", "Glad you like it."), ("嘿嘿 🐦", "你开心就好。")),
    ),
    (
        _words(r"^(?:test|testing|ping)\b", r"^测试"),
        Wording(("Pong! I hear you.",), ("收到，听得见。",)),
    ),
    (
        _words(r"^(?:ok|okay|yes|no|sure|fine|cool|great|nice|wow)[ !.]*$", r"^(?:好|好的|嗯|是|不是|行|可以|知道了|哦|哇)[的啊吧呀!。]*$"),
        Wording(("Good. 🍵", "Noted."), ("好的。🍵", "嗯嗯。")),
    ),
    (
        _words(
            r"^(?:hi|hello|hey|hiya|howdy|yo|greetings|good (?:day|afternoon|evening))(?: there| again| all| everyone| friend)?[ ,!.?~]*$",
            r"^(?:你好|您好|嗨|哈喽|哈罗|大家好|中午好|下午好|晚上好|在吗|在么|在不在)[啊呀哦哈吗呢~,!。.? ]*$",
        ),
        Wording(
            ("Hello, {name}! Tea?", "Hi {name}, nice to see you.", "Welcome, {name}. Say “help” to see my tricks."),
            ("你好，{name}！喝茶吗？", "{name}好呀，见到你真高兴。", "欢迎，{name}。说“帮助”看看我会什么。"),
        ),
    ),
)
