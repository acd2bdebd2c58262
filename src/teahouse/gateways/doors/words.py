"""The words of the `signin` door's pages, in both languages."""

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "title": "小小鸟聊天室",
        "name_label": "昵称",
        "face_label": "选一个头像",
        "enter": "进入聊天室",
        "here": "在线",
        "talk": "聊天记录",
        "say": "说点什么",
        "send": "发送",
        "leave": "退出",
        "lost": "连接断开,正在重连…",
    },
    "en": {
        "title": "Birdie's room",
        "name_label": "Nickname",
        "face_label": "Choose a face",
        "enter": "Come in",
        "here": "Here now",
        "talk": "What is said",
        "say": "Say something",
        "send": "Send",
        "leave": "Sign out",
        "lost": "The connection is lost; trying again…",
    },
}
