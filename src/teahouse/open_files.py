"""How many connections fit into the limit of open files, which is raised as far as the system allows."""

import resource

import structlog

SPARE_FILES = 512

_log = structlog.get_logger("serving")


def fitting(max_connections: int) -> int:
    """Let the process hold that many sockets: many start with a soft limit of 1,024. Return how many fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max_connections + SPARE_FILES
    if soft == resource.RLIM_INFINITY:
        return max_connections
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else max(soft, min(wanted, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft >= wanted:
        return max_connections
    # The database, its journal and the pages are files too, and those inside need them.
    fits = soft - min(SPARE_FILES, soft // 2)
    _log.warning("fewer connections than max_connections fit", fitting=fits, max_connections=max_connections, open_files=soft)
    return fits
