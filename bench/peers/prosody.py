"""Prosody, from Debian's package: one room of its multi-user chat, over WebSocket (RFC 7395), nobody stored and nothing kept."""

import shutil
import sys

from program import MADE, become, free_port

CONFIG = """
run_as_root = true
daemonize = false
pidfile = "{home}/prosody.pid"
data_path = "{home}"
log = {{ error = "{home}/prosody.log" }}
network_backend = "epoll"
modules_enabled = {{ "saslauth", "websocket" }}
modules_disabled = {{ "s2s", "offline" }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{}}
s2s_ports = {{}}
http_ports = {{ {port} }}
https_ports = {{}}
http_interfaces = {{ "127.0.0.1" }}
http_default_host = "localhost"
consider_websocket_secure = true
c2s_require_encryption = false
storage = "memory"
VirtualHost "localhost"
  authentication = "anonymous"
Component "conference.localhost" "muc"
  muc_room_locking = false
  muc_room_default_history_length = 0
  muc_room_default_presence_broadcast = {{ visitor = false, participant = false, moderator = false }}
"""


def main() -> None:
    if shutil.which("prosody") is None:
        sys.exit("there is no Prosody here (Debian, Ubuntu: apt-get install prosody)")
    home = MADE / "prosody"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    port = free_port()
    config = home / "prosody.cfg.lua"
    config.write_text(CONFIG.format(home=home, port=port))
    become(port, ["prosody", "-F", "--config", str(config)], HOME=str(home))


main()
