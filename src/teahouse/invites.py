"""The keys that let people in, and what they make of their bearer. Stored hashed, as all secrets are."""

from teahouse.errors import NotAllowed
from teahouse.identity import digest
from teahouse.model import Role
from teahouse.storage import house_log, invites, people
from teahouse.storage.log import Transaction

OWNER_KEY_DAYS = 7
START_INVITE_DAYS = 30


def admit(tx: Transaction, invite: str | None, owner_key: str | None, *, is_open: bool) -> Role:
    """Return the role that the keys at hand give; NotAllowed when they are no good, or one is needed since the house is not open."""
    if owner_key is not None:
        if people.use_owner_key(tx, digest(owner_key)):
            return "owner"
        raise NotAllowed("the owner's link was used already or has expired: make a new one on the server", code="bad_key")
    house_log.check_newcomers(tx)
    if (invite is not None and invites.use(tx, digest(invite))) or is_open:
        return "guest"
    if invite is not None:
        raise NotAllowed("the invite is wrong, has expired, was ended or is used up: ask for a new link", code="bad_key")
    raise NotAllowed("this house is open by invite only: ask someone inside for the link", code="invite_needed")
