"""Each command of keepers as a call of Moderation, and what its `ok` carries."""

from typing import Any

from teahouse import wire_keeping as wire
from teahouse.moderation import Actor, Moderation


async def keep_peace(moderation: Moderation, actor: Actor, command: wire.Keep) -> Any:
    """Do what `command` asks for as `actor` and return its result."""
    match command:
        case wire.PutBan(user=user, network=network, minutes=minutes, reason=reason, remove_since=since, remove_minutes=last):
            goes = {"remove_since": since, "remove_minutes": last}
            return await moderation.ban(actor, user=user, network=network, minutes=minutes, reason=reason, **goes)
        case wire.LiftBan(ban=ban):
            return await moderation.unban(actor, ban)
        case wire.GetBans(before=before, limit=limit):
            return await moderation.bans(actor, before, limit)
        case wire.EndSessions(user=user, reason=reason):
            return await moderation.end_sessions(actor, user, reason)
        case wire.RemoveMessages(user=user, since=since, minutes=minutes, reason=reason):
            return await moderation.remove_messages(actor, user, since, reason, minutes=minutes)
        case wire.SetRole(user=user, role=role):
            return await moderation.set_role(actor, user, role)
        case wire.SetNewcomers(admitted=admitted, reason=reason):
            return await moderation.set_newcomers(actor, admitted, reason)
        case wire.GetPerson(user=user):
            return await moderation.person(actor, user)
        case wire.GetHouseLog(before=before, limit=limit):
            return await moderation.house_log(actor, before, limit)
        case wire.MakeInvite(minutes=minutes, max_uses=max_uses, note=note):
            return await moderation.invite(actor, minutes=minutes, max_uses=max_uses, note=note)
        case wire.EndInvite(invite=invite):
            return await moderation.end_invite(actor, invite)
        case wire.GetInvites(before=before, limit=limit):
            return await moderation.invites(actor, before, limit)
