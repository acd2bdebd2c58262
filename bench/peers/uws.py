"""uWebSockets (C++) through socketify: every reader subscribes to one topic, and a message is published to it."""

from socketify import App, AppListenOptions, OpCode

ROOM = "room"

app = App()
app.ws(
    "/",
    {
        "open": lambda socket: socket.subscribe(ROOM),
        "message": lambda socket, message, kind: app.publish(ROOM, message, OpCode.TEXT),
        "max_backpressure": 16 << 20,
        "idle_timeout": 120,
    },
)
app.listen(AppListenOptions(host="127.0.0.1", port=0), lambda at: print(at.port, flush=True))
app.run()
