"""What `--explain` teaches, by the step that it belongs to: how news reaches a page, and what each byte is for."""

LESSONS: dict[str, tuple[str, ...]] = {
    "Name": ("People type a name, computers call numbers. The resolver is asked first, and everything after it goes to what it says.",),
    "Connection": (
        "TCP makes a line out of loose packets: three of them go back and forth before the first byte of ours may travel. That costs one "
        "round trip, so it is good to do it once and keep the line.",
    ),
    "TLS": (
        "TLS wraps the line: the server proves its name with a certificate, both agree on keys, and nobody between can read or change "
        "what follows.",
    ),
    "HTTP": (
        "HTTP is a question and an answer, and the server never speaks first. How, then, does a page learn that somebody wrote?",
        'Polling: it asks again every few seconds. Most answers are "nothing new", each costs a whole request, and news is late by half '
        "the pause.",
        "Long polling: it asks, and the server keeps silent until there is something to tell. News is prompt; each piece still costs a "
        "request, and between two of them nobody listens.",
        "A lasting connection: it asks once and the line stays open. Server-Sent Events is an answer that never ends, one way; a WebSocket "
        "goes both ways. That is what the rest of this examination is about.",
    ),
    "Passing on": (
        "A proxy in front takes requests and makes new ones of its own from them. Some headers are for one hop only, Upgrade and "
        "Connection among them, so it drops them unless it is told. Others it must add: who asked, and over http or https.",
        "The house was asked to tell how our request arrived.",
    ),
    "Handshake": (
        "A WebSocket begins as an HTTP request. The client sends 16 random bytes as a key. The server appends a number that the standard "
        "fixes, takes SHA-1 of both and sends it back in base64: no server and no cache does that by chance, so whoever answers so does "
        "speak the protocol. It hides nothing and proves nothing else. After 101 the line belongs to frames.",
    ),
    "Frames": (
        'A frame is two bytes and the text: the first says "last part" (80) and what it is (1 text, 8 close, 9 ping, a pong), the second '
        "how long it is. Hello costs 7 bytes to a client; as an HTTP answer it costs hundreds.",
        "What a client sends is masked: four random bytes, repeated, are added to it without carry (xor). No secret, for the mask stands "
        "before it: it keeps a page from writing bytes of its choice onto the wire, which an old proxy could take for a request.",
        "A ping asks for a pong, and so both sides know that the other lives. Closing is a frame as well: a code (03e8 is 1000, all "
        "well), said back by the other side.",
    ),
    "Origin": (
        "Any page on the web may try to open a WebSocket to any server, and the browser adds that server's cookies. What a page cannot do "
        "is lie about where it comes from: the browser writes Origin. So the house compares that with its own address.",
    ),
    "Stream": (
        "Where WebSockets cannot pass, the page reads Server-Sent Events: one answer that goes on and on. A proxy that collects an answer "
        "before it passes it on (buffering) turns that into silence. Three events, 0.2 s apart, show it.",
    ),
    "Cost": (
        "Now count. Whoever polls every three seconds pays for 28,800 questions a day, most of them for nothing; whoever keeps a line open "
        "pays for what is said.",
    ),
    "Body": ("House and proxy each have a limit for what one may upload. The proxy's must not be the smaller one.",),
    "Cookie": (
        "The session's cookie says who you are. HttpOnly: no script reads it. SameSite=Lax: other sites' requests come without it. Secure: "
        "it never travels unencrypted, so it must be there on https and only there.",
    ),
    "Clock": ("Two computers agree on the time only when something like NTP makes them.",),
    "Silence": (
        "A proxy closes lines on which nothing happened for a while, nginx after 60 s. The house pings now and then, so the line is never "
        "silent for that long; here nobody pings, to see how long it would last.",
    ),
}
