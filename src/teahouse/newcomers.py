"""Who may come in without an invite, in words for the person who runs the house: banner and doctor say the same."""

from teahouse.settings import Settings, is_loopback

INVITED = "need an invite"


def newcomers(settings: Settings) -> str:
    """Return what strangers may do at the house itself; what `open_doors` names stands beside it."""
    if not settings.is_open:
        return INVITED
    if is_loopback(settings.host) and settings.public_url is None:
        return "may come in without an invite: whoever is on this machine, or reaches it through a proxy or a tunnel"
    return "may come in without an invite (open = true)"


def open_doors(settings: Settings) -> str:
    """Return which doors of old dialects let in strangers whom the house itself asks for an invite; empty where it asks nobody."""
    names = [] if settings.is_open else [door.dialect for door in settings.doors if door.access == "open"]
    where = "the doors" if len(names) > 1 else "the door"
    return f'may come in at {where} {", ".join(names)} (access = "open")' if names else ""
