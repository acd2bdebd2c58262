"""Builds the house's robot from the settings: a reader of its rooms, and a larger mind where a language model is configured."""

from datetime import datetime
from random import Random

from teahouse.bots.prompt import PERSONA
from teahouse.bots.runner import Runner
from teahouse.bots.thinker import Habits, Thinker
from teahouse.chat import Chat
from teahouse.delivery.hub import Hub
from teahouse.delivery.subscriber import Subscriber
from teahouse.model import User
from teahouse.settings import Settings


def build_robot(settings: Settings, robot: User, inbox: int, chat: Chat, hub: Hub) -> Runner:
    """Return what speaks as `robot`; whoever starts it stops it."""
    return Runner(
        robot,
        inbox,
        chat,
        lambda outlet: Subscriber(robot, outlet, hub, inbox),
        now=_local_time,
        random=Random(),  # noqa: S311 -- picks jokes and throws dice
        thinker=_thinker(settings, robot, chat),
    )


def _thinker(settings: Settings, robot: User, chat: Chat) -> Thinker | None:
    if settings.robot_base_url is None or settings.robot_model is None:
        return None
    from teahouse.bots.endpoint import Endpoint  # takes 15 MiB and a tenth of a second, which a house without one need not pay

    key = settings.robot_api_key
    endpoint = Endpoint(
        settings.robot_base_url,
        settings.robot_model,
        key.reveal() if key else None,
        silence_s=settings.robot_silence_timeout_s,
        reply_s=settings.robot_reply_timeout_s,
    )
    habits = Habits(
        persona=settings.robot_prompt or PERSONA,
        context_messages=settings.robot_context_messages,
        max_bytes=min(settings.robot_max_reply_bytes, settings.max_text_bytes),
        hourly_per_user=settings.robot_replies_per_hour_per_user,
        hourly_per_room=settings.robot_replies_per_hour_per_room,
        hourly_in_all=settings.robot_replies_per_hour,
    )
    return Thinker(endpoint, robot, habits, chat.page, now=_local_time)


def _local_time() -> datetime:
    """Return the time where the house stands, with its zone."""
    return datetime.now().astimezone()
