"""The schema's history (Alembic), newest last; `upgrade` brings a database up to date when the server starts."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(connection: Connection) -> None:
    """Run every migration that `connection`'s database lacks, in its transaction."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def versions() -> set[str]:
    """Return every revision that this Teahouse knows."""
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
