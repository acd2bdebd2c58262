"""Random nicknames for guests, in Chinese or English. Pure: the caller brings the randomness and asks who holds a name already."""

from random import Random

# The Hundred Family Surnames (百家姓), all of them. Simplified characters made one of 鬱 and 郁, and one of 後 and 后.
_SINGLE = """
赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳
酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞
熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓
郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫
宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉
宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧
殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公晋楚闫法汝鄢涂钦仉督归海岳帅缑亢
况有琴商牟佘佴墨哈谯笪年爱阳佟言福
"""
_DOUBLE = """
万俟 司马 上官 欧阳 夏侯 诸葛 闻人 东方 赫连 皇甫 尉迟 公羊 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 公孙 仲孙 轩辕 令狐 钟离 宇文
长孙 慕容 鲜于 闾丘 司徒 司空 亓官 司寇 子车 颛孙 端木 巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 段干 百里 东郭 南门
呼延 羊舌 微生 梁丘 左丘 东门 西门 伯赏 南宫 第五
"""

# Nature, music, light and calm. Left out on purpose: characters that turn innocent surnames into jokes (双飞, 云雨, 胡言, 吴德),
# and those that would name a head of state by chance (平, 泽, 锦).
_GIVEN = """
安雅静宁悠然清晨曦霖霏雪霜露虹霁晴岚月星辰晓暖夏秋冬初年舟帆溪涧泉湖海浪澜汐潭渊川江山岩石岭峦松柏竹梅兰荷莲
桃李杏梨枫桐榆槐杉桂茶茗荼芽苗叶花蕊萱芷蘅薇蔷棠樱茉莉芙蓉芸苓蔓藤荞麦禾穗谷米豆果橙柚橘栗榛鹿鹤鹭鸥雁燕莺雀鹊鲸鲤
蝶萤蝉麟凤凰琴瑟箫弦韵歌诗词画书墨砚笺笔棋玉珏琪瑶琳璐瑾瑜琥珀珊瑚砂陶瓷绣绮绫丝棉素朴淳和谦恒思忆念怀慕知学文章
乐欢喜悦笑颜翔羽翼行远游归途灯烛炉暮朝昼夜风阳岁时音声语信诚明朗睿哲敏慧聪颖
"""

_ADJECTIVES = """
Airy Amber Ample Apt Autumn Balmy Bold Brave Breezy Bright Brisk Bubbly Calm Candid Careful Caring Cheerful Cheery Clear Clever
Coastal Cosy Crisp Curious Dancing Dapper Daring Dawn Dear Deft Dewy Dreamy Drifting Eager Early Earnest Easy Elegant Fabled Fair
Faithful Famous Fearless Festive Fine Fleet Floating Fond Free Fresh Friendly Frosty Gallant Generous Gentle Giddy Glad Gleaming
Glowing Golden Good Graceful Grand Grateful Handy Happy Hardy Hearty Helpful Honest Hopeful Humble Humming Jaunty Jolly
Jovial Joyful Jubilant Keen Kind Leafy Light Lively Lofty Loyal Lucid Lucky Lunar Mellow Merry Mighty Mild Mindful Misty Modest
Moonlit Musical Neat Nifty Nimble Noble Opal Open Patient Peaceful Pearly Placid Playful Plucky Poetic Polite Prudent Quaint
Quick Quiet Radiant Rambling Ready Rested Roaming Rosy Rustic Serene Shining Silken Silver Sincere Singing Smiling Snowy Snug
Soft Sparkling Spry Starry Steady Still Sturdy Sunny Swift Tender Thankful Thoughtful Tidy Tranquil Trusty Upbeat Valiant
Velvet Vivid Wandering Warm Whistling Winsome Wise Witty Wondrous Woodland Young Zesty
"""
_TEAS = "Assam Barley Chai Darjeeling Genmai Ginger Hibiscus Jasmine Keemun Lapsang Lemon Longjing Matcha Mint Oolong Puer Rooibos"
_NOUNS = """
Acorn Alder Alpaca Aspen Aster Badger Bamboo Basil Bayou Beacon Beech Birch Bison Bluebell Brook Bumblebee Bunting
Canary Canyon Cardinal Caribou Cedar Chickadee Chipmunk Clover Comet Condor Coral Cove Crane Creek Cricket Curlew Cypress
Daisy Deer Delta Dolphin Dove Dragonfly Dune Eagle Egret Elk Elm Falcon Fawn Fern Finch Firefly Fjord Flamingo Forest Fox
Gazelle Gecko Glacier Glade Goldfinch Goose Grove Gull Harbor Hare Harvest Hawk Hazel Hedgehog Heron Hill Hummingbird Ibex Ibis
Iris Island Ivy Jackdaw Juniper Kestrel Kettle Kingfisher Kite Koala Lagoon Lake Lantern Lark Laurel Lemur Lilac Lily Linnet Llama
Lotus Lynx Magnolia Magpie Maple Marigold Marmot Marten Meadow Moth Narwhal Nebula Newt Nightingale Oak Ocelot Orchard Orchid
Oriole Osprey Otter Owl Panda Panther Partridge Pebble Pelican Penguin Peony Petrel Pine Plover Plum Pond Poplar Poppy Puffin
Quail Quokka Rabbit Reef Reindeer Ridge River Robin Rowan Salmon Sandpiper Seal Sequoia Sparrow Sprout Squirrel Starling
Stork Stream Swallow Swan Tanager Teapot Tern Thistle Tiger Toucan Trout Tulip Turtle Valley Violet Walnut
Warbler Waterfall Willow Wolf Wombat Wren Yarrow Zebra
"""

SURNAMES: tuple[str, ...] = (*"".join(_SINGLE.split()), *_DOUBLE.split())
_GIVEN_CHARACTERS = "".join(_GIVEN.split())
_ADJECTIVE_WORDS, _TEA_WORDS, _NOUN_WORDS = (words.split() for words in (_ADJECTIVES, _TEAS, _NOUNS))


def nickname(lang: str, random: Random) -> str:
    """Return a nickname for the language tag `lang`: Chinese for `zh` and its regions, English for any other."""
    return _chinese(random) if lang.lower().split("-")[0] == "zh" else _english(random)


def _chinese(random: Random) -> str:
    # Two characters are the most usual given name; one alone makes but 100,000 names, so it is rare here.
    (length,) = random.choices((1, 2, 3), weights=(1, 6, 3))
    return random.choice(SURNAMES) + "".join(random.choices(_GIVEN_CHARACTERS, k=length))


def _english(random: Random) -> str:
    words = [random.choice(_ADJECTIVE_WORDS), random.choice(_NOUN_WORDS)]
    # Two words alone make 27,000 names: among 200 guests, one pair would meet its own name every second time.
    if random.random() < 0.5:
        words.insert(1, random.choice(_TEA_WORDS))
    return " ".join(words)
