"""The exact line that mends a finding, for nginx, Caddy, Traefik, or the house's own settings."""

NGINX, CADDY, TRAEFIK, HOUSE = "nginx", "Caddy", "Traefik", "settings"
PROXIES = (NGINX, CADDY, TRAEFIK)

_BY_ITSELF = "reverse_proxy 127.0.0.1:8000"

MENDS: dict[str, dict[str, str]] = {
    "http-version": {
        NGINX: "proxy_http_version 1.1;",
        CADDY: f"{_BY_ITSELF} {{ transport http {{ versions 1.1 }} }}",
        TRAEFIK: 'loadBalancer: {servers: [{url: "http://127.0.0.1:8000"}]}',
    },
    "upgrade": {
        NGINX: "proxy_set_header Upgrade $http_upgrade;",
        CADDY: f"{_BY_ITSELF}  # without header_up -Upgrade",
        TRAEFIK: 'no customRequestHeaders with Upgrade: "" in a middleware',
    },
    "connection": {
        NGINX: "proxy_set_header Connection $connection_upgrade;",
        CADDY: f"{_BY_ITSELF}  # without header_up -Connection",
        TRAEFIK: 'no customRequestHeaders with Connection: "" in a middleware',
    },
    "host": {
        NGINX: "proxy_set_header Host $http_host;",
        CADDY: "header_up Host {http.request.hostport}",
        TRAEFIK: "loadBalancer: {passHostHeader: true}",
    },
    "forwarded-for": {
        NGINX: "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
        CADDY: "header_up X-Forwarded-For {http.request.remote.host}",
        TRAEFIK: 'no customRequestHeaders with X-Forwarded-For: "" in a middleware',
    },
    "forwarded-proto": {
        NGINX: "proxy_set_header X-Forwarded-Proto $scheme;",
        CADDY: "header_up X-Forwarded-Proto {http.request.scheme}",
        TRAEFIK: 'no customRequestHeaders with X-Forwarded-Proto: "" in a middleware',
    },
    "buffering": {
        NGINX: "proxy_buffering off;",
        CADDY: f"{_BY_ITSELF} {{ flush_interval -1 }}",
        TRAEFIK: "loadBalancer: {responseForwarding: {flushInterval: 1ms}}",
    },
    "compression": {
        NGINX: "gzip off;",
        CADDY: "encode { match { not header Content-Type text/event-stream* } }",
        TRAEFIK: "compress: {excludedContentTypes: [text/event-stream]}",
    },
    "body-limit": {
        NGINX: "client_max_body_size <limit>;",
        CADDY: "request_body { max_size <limit> }",
        TRAEFIK: "buffering: {maxRequestBodyBytes: <limit>}",
    },
    "idle": {
        NGINX: "proxy_read_timeout <seconds>s;",
        CADDY: f"{_BY_ITSELF} {{ stream_timeout 0 }}",
        TRAEFIK: "entryPoints: {web: {transport: {respondingTimeouts: {idleTimeout: <seconds>s}}}}",
    },
    "unreachable": {
        NGINX: "proxy_pass http://127.0.0.1:8000;",
        CADDY: _BY_ITSELF,
        TRAEFIK: 'loadBalancer: {servers: [{url: "http://127.0.0.1:8000"}]}',
    },
    "certificate": {
        NGINX: "ssl_certificate /etc/letsencrypt/live/<host>/fullchain.pem;",
        CADDY: f"<host> {{ {_BY_ITSELF} }}  # fetches certificates itself",
        TRAEFIK: "tls: {certResolver: letsencrypt}",
    },
    "trusted-proxies": {HOUSE: 'trusted_proxies = ["<address>"]'},
    "public-url": {HOUSE: 'public_url = "<url>"'},
    "strangers": {HOUSE: "open = false"},
}


def mend(check: str, server: str = "", **values: object) -> dict[str, str]:
    """Return the lines for `check`; only the known proxy's own where the answer's `server` header names one."""
    lines = MENDS[check]
    named = [proxy for proxy in PROXIES if proxy.lower() in server.lower() and proxy in lines]
    return {name: _filled(lines[name], values) for name in named or lines}


def _filled(line: str, values: dict[str, object]) -> str:
    for name, value in values.items():
        line = line.replace(f"<{name}>", str(value))
    return line
