"""ejabberd, from Debian's package: one room of its multi-user chat, over WebSocket (RFC 7395), nobody stored and nothing kept."""

import glob
import shutil
import sys

from program import MADE, become, free_port

CONFIG = """
hosts: [localhost]
loglevel: warning
auth_method: [anonymous]
anonymous_protocol: sasl_anon
allow_multiple_connections: true
max_fsm_queue: 100000
listen:
  - {{port: {port}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {{/ws: ejabberd_http_ws}}}}
modules:
  mod_muc:
    access_create: all
    max_users: 20000
    max_users_presence: 0
    min_message_interval: 0
    min_presence_interval: 0
    history_size: 0
    default_room_options: {{max_users: 20000, presence_broadcast: [], logging: false, persistent: false, allow_change_subj: false}}
websocket_ping_interval: 600
websocket_timeout: 900
"""


def main() -> None:
    folders = glob.glob("/usr/lib/*/ejabberd-*/ebin") or glob.glob("/usr/lib/ejabberd*/ebin")
    if not folders or shutil.which("erl") is None:
        sys.exit("there is no ejabberd here (Debian, Ubuntu: apt-get install ejabberd)")
    home = MADE / "ejabberd"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    port = free_port()
    config = home / "ejabberd.yml"
    config.write_text(CONFIG.format(port=port))
    libraries = "/usr/lib/erlang/lib:/usr/lib/x86_64-linux-gnu"
    become(
        port,
        ["erl", "+K", "true", "+P", "250000", "+S", "1:1", "-noinput", "-mnesia", "dir", f'"{home}"', "-pa", *folders, "-s", "ejabberd"],
        EJABBERD_CONFIG_PATH=str(config),
        EJABBERD_LOG_PATH=str(home / "ejabberd.log"),
        ERL_CRASH_DUMP=str(home / "crash"),
        ERL_LIBS=libraries,
        HOME=str(home),
    )


main()
