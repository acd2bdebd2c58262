"""The robot's language model, where one is configured: does its endpoint answer, take the key, and know the model."""

from typing import Any

from teahouse.doctor.findings import Finding, Step, ok
from teahouse.doctor.line import Answer, ask
from teahouse.doctor.target import BadAddress, target
from teahouse.doctor.visit import words_of
from teahouse.settings import Settings

_MEANWHILE = "Until it is mended the robot answers with its own few words, and says so."


def robot(settings: Settings) -> Step:
    """Ask the endpoint which models it has; nothing is generated, so nothing is charged."""
    if settings.robot_base_url is None:
        return Step("Robot", [ok("robot", "no language model is configured: the robot answers with its own few words")])
    key = settings.robot_api_key.reveal() if settings.robot_api_key else None
    try:
        where = target(settings.robot_base_url)
        answer = ask(where, "GET", where.path("models"), [("Authorization", f"Bearer {key}")] if key else [])
    except (OSError, BadAddress) as error:
        lines = {"settings": 'robot_base_url = "http://127.0.0.1:11434/v1"'}
        return Step("Robot", [Finding("robot", "mend", f"{settings.robot_base_url} does not answer: {error}", _MEANWHILE, lines)])
    return Step("Robot", [_judge(settings, answer)])


def _judge(settings: Settings, answer: Answer) -> Finding:
    if answer.status in (401, 403):
        seen = f"{settings.robot_base_url} does not take the key ({answer.status})"
        return Finding("robot", "mend", seen, _MEANWHILE, {"settings": 'robot_api_key_file = "/a/file/with/the/key"'})
    if answer.status != 200:
        why = "Some endpoints keep no list of their models; then ask the robot something to see whether it thinks."
        return Finding("robot", "note", f"{settings.robot_base_url} answers {answer.status} when asked for its models", why)
    models = _names(words_of(answer).get("data"))
    if models and _plain(settings.robot_model or "") not in map(_plain, models):
        lines = {"settings": f'robot_model = "{models[0]}"'}
        return Finding("robot", "mend", f"the endpoint has no model {settings.robot_model!r}", _MEANWHILE, lines)
    return ok("robot", f"{settings.robot_base_url} answers and has {settings.robot_model}")


def _names(listed: Any) -> list[str]:
    found = listed if isinstance(listed, list) else []
    return [str(each["id"]) for each in found if isinstance(each, dict) and "id" in each]


def _plain(model: str) -> str:
    """Return a name as it may be given: Ollama lists `llama3` with `:latest` behind it, others with a path in front."""
    return model.rpartition("/")[2].removesuffix(":latest")
