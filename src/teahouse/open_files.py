"""How many connections fit into the limit of open files, which is raised as far as the system allows."""

import resource
import sys

SPARE_FILES = 512


def fitting(limit: int) -> int:
    """Return how many connections fit. The database, its journal and the pages are files too, and those inside need them."""
    return sys.maxsize if limit == resource.RLIM_INFINITY else limit - min(SPARE_FILES, limit // 2)


def raise_limit(max_connections: int) -> int:
    """Let the process hold that many sockets: many start with a soft limit of 1,024. Return the limit that there is then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max_connections + SPARE_FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft
    soft = wanted if hard == resource.RLIM_INFINITY else max(soft, min(wanted, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft
